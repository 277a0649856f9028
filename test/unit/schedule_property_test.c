/*
 * The fast schedule against a slow one that walks through a year second by second, in zones that
 * change their clocks in each of the ways there are.
 */

#include "schedule_fixture.h"
#include "schedule_oracle.h"
#include "schedule/schedule.h"

#define RELAYS 3
#define STARTS 24
#define ROOM   100000

static const struct oracle_days all = {.weekdays = 0x7f};
static const struct oracle_days even = {.even = true};
static const struct oracle_days sunday_and_tuesday = {.weekdays = 1 << 0 | 1 << 2};

/*
 * Half-hourly starts through the hours in which clocks change, some that touch and some that
 * overlap, over midnight, with odd seconds.
 */
static const struct oracle_start starts[STARTS] = {
	{1, 0, 600, &all},
	{1, 1800, 1500, &all},
	{1, 3600, 1800, &all},
	{1, 5400, 600, &all},
	{1, 7200, 90, &all},
	{1, 9000, 1801, &all},
	{1, 10800, 30, &all},
	{1, 85500, 2000, &all},
	{2, 0, 5400, &even},
	{2, 3661, 61, &even},
	{2, 6300, 3600, &even},
	{2, 9899, 1, &even},
	{2, 12345, 5, &even},
	{2, 43200, 7200, &even},
	{2, 50400, 7200, &even},
	{2, 86399, 3602, &even},
	{3, 5399, 2, &sunday_and_tuesday},
	{3, 7199, 1, &sunday_and_tuesday},
	{3, 7200, 3599, &sunday_and_tuesday},
	{3, 10799, 1, &sunday_and_tuesday},
	{3, 10800, 1, &sunday_and_tuesday},
	{3, 80000, 20000, &sunday_and_tuesday},
	{3, 82800, 60, &sunday_and_tuesday},
	{3, 84600, 86400, &sunday_and_tuesday},
};

static const char *const days_of_relay[RELAYS] = {"all", "even", "Sunday, Tuesday"};

/* The same as a profile. */
static char *profile_text(void)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "p:\n");
	for (int relay = 1; relay <= RELAYS; relay++) {
		fprintf(out, "  relay%d:\n    Days: [%s]\n    Times: [", relay,
			days_of_relay[relay - 1]);
		for (int i = 0; i < STARTS; i++)
			if (starts[i].relay == relay)
				fprintf(out, "'%02d:%02d:%02d', ", starts[i].second_of_day / 3600,
					starts[i].second_of_day / 60 % 60,
					starts[i].second_of_day % 60);
		fprintf(out, "]\n    durations: [");
		for (int i = 0; i < STARTS; i++)
			if (starts[i].relay == relay)
				fprintf(out, "%ds, ", starts[i].length_s);
		fprintf(out, "]\n");
	}
	fclose(out);
	return text;
}

/* Years in which each zone changes its clocks; Kolkata never does. */
static const struct {
	const char *zone, *from, *to;
} years[] = {
	{"America/New_York", "2026-01-01", "2027-01-01"},
	{"Europe/Berlin", "2026-01-01", "2027-01-01"},
	{"Australia/Lord_Howe", "2026-01-01", "2027-01-01"},
	{"Africa/Casablanca", "2026-01-01", "2027-01-01"},
	{"Asia/Kolkata", "2028-01-01", "2029-01-01"},
	{"America/Sao_Paulo", "2018-01-01", "2019-01-01"},
};

/* Of a run that is on at from_s only the end is compared. */
static void assert_same_run(const char *zone, const struct scheduled_run *fast,
			    const struct oracle_run *slow, int64_t from_s)
{
	char at[4][STAMP_SIZE];

	if ((int)fast->relay == slow->relay && fast->end_s == slow->end_s &&
	    (fast->start_s == slow->start_s || slow->start_s < from_s))
		return;
	fail_msg("%s: relay %u from %s to %s, but right is relay %d from %s to %s", zone,
		 fast->relay, stamp_local(fast->start_s * FIXTURE_NS_PER_S, at[0], STAMP_SIZE),
		 stamp_local(fast->end_s * FIXTURE_NS_PER_S, at[1], STAMP_SIZE), slow->relay,
		 stamp_local(slow->start_s * FIXTURE_NS_PER_S, at[2], STAMP_SIZE),
		 stamp_local(slow->end_s * FIXTURE_NS_PER_S, at[3], STAMP_SIZE));
}

static void a_year_agrees_to_the_second_in_each_zone(void **state)
{
	static struct oracle_run slow[ROOM];
	char *text = profile_text();
	struct profile_set *set = profiles_of(text);

	(void)state;
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		zone_use(years[i].zone);
		struct schedule_query query = {.set = set,
					       .level_percent = 100,
					       .from_s = at(years[i].from),
					       .to_s = at(years[i].to)};
		struct scheduled_run *fast;
		int64_t fast_count = schedule_runs(&query, &fast);
		size_t slow_count =
			oracle_runs(starts, STARTS, query.from_s, query.to_s, slow, ROOM);

		assert_true(slow_count > 1000);
		for (size_t j = 0; j < slow_count && (int64_t)j < fast_count; j++)
			assert_same_run(years[i].zone, &fast[j], &slow[j], query.from_s);
		assert_int_equal(fast_count, slow_count);
		free(fast);
	}
	free(set);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_year_agrees_to_the_second_in_each_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
