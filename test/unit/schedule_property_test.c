/*
 * The fast schedule against a slow one that walks through a year second by second: a wall clock is
 * watched, a start happens when it shows its time or more for the first time, and water runs for as
 * many seconds as are left.
 */

#include <stdbool.h>
#include "schedule_fixture.h"
#include "schedule/schedule.h"

#define RELAYS	 3
#define STARTS	 24
#define DAY_S	 86400
#define MINUTE_S 60
#define ROOM	 200000

struct oracle_start {
	int relay;
	int second_of_day;
	int length_s;
	bool (*matches)(const struct tm *);
};

static bool on_all(const struct tm *tm)
{
	(void)tm;
	return true;
}

static bool on_even(const struct tm *tm)
{
	return tm->tm_mday % 2 == 0;
}

static bool on_sunday_and_tuesday(const struct tm *tm)
{
	return tm->tm_wday == 0 || tm->tm_wday == 2;
}

/*
 * Half-hourly starts through the hours in which clocks change, some that touch and some that
 * overlap, over midnight, with odd seconds.
 */
static const struct oracle_start starts[STARTS] = {
	{1, 0, 600, on_all},
	{1, 1800, 1500, on_all},
	{1, 3600, 1800, on_all},
	{1, 5400, 600, on_all},
	{1, 7200, 90, on_all},
	{1, 9000, 1801, on_all},
	{1, 10800, 30, on_all},
	{1, 85500, 2000, on_all},
	{2, 0, 5400, on_even},
	{2, 3661, 61, on_even},
	{2, 6300, 3600, on_even},
	{2, 9899, 1, on_even},
	{2, 12345, 5, on_even},
	{2, 43200, 7200, on_even},
	{2, 50400, 7200, on_even},
	{2, 86399, 3602, on_even},
	{3, 5399, 2, on_sunday_and_tuesday},
	{3, 7199, 1, on_sunday_and_tuesday},
	{3, 7200, 3599, on_sunday_and_tuesday},
	{3, 10799, 1, on_sunday_and_tuesday},
	{3, 10800, 1, on_sunday_and_tuesday},
	{3, 80000, 20000, on_sunday_and_tuesday},
	{3, 82800, 60, on_sunday_and_tuesday},
	{3, 84600, 86400, on_sunday_and_tuesday},
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

struct switching {
	int64_t at_s;
	int relay;
	bool on;
};

static struct switching slow[ROOM], fast[ROOM];

/* Water left for each relay, and the civil seconds that the wall clock has come to. */
struct garden {
	int64_t left_s[RELAYS];
	int64_t shown_civil_s;
};

static bool begins[DAY_S]; /* does any start lie on that second of a day? */

static void start_all(struct garden *garden, int64_t civil_s)
{
	if (!begins[civil_s % DAY_S])
		return;

	time_t date_s = (time_t)(civil_s / DAY_S * DAY_S);
	struct tm tm;

	gmtime_r(&date_s, &tm);
	for (int i = 0; i < STARTS; i++) {
		int64_t *left_s = &garden->left_s[starts[i].relay - 1];

		if (civil_s % DAY_S == starts[i].second_of_day && starts[i].matches(&tm) &&
		    *left_s < starts[i].length_s)
			*left_s = starts[i].length_s;
	}
}

/* A second in which the wall clock shows civil_s. */
static void garden_tick(struct garden *garden, int64_t civil_s)
{
	for (int relay = 0; relay < RELAYS; relay++)
		if (garden->left_s[relay] > 0)
			garden->left_s[relay]--;
	/* One second on, or all that a change of the clock skipped; none while it repeats. */
	while (garden->shown_civil_s < civil_s)
		start_all(garden, ++garden->shown_civil_s);
}

static int64_t offset_at(int64_t instant_s)
{
	time_t time_s = (time_t)instant_s;
	struct tm tm;

	localtime_r(&time_s, &tm);
	return tm.tm_gmtoff;
}

/* Offsets change on whole minutes in the years tested. */
static size_t slow_switchings(int64_t from_s, int64_t to_s)
{
	struct garden garden = {.shown_civil_s =
					from_s - 3 * DAY_S + offset_at(from_s - 3 * DAY_S)};
	bool on[RELAYS] = {false};
	int64_t offset_s = 0;
	size_t count = 0;

	for (int64_t now_s = from_s - 3 * DAY_S + 1; now_s < to_s; now_s++) {
		if (now_s % MINUTE_S == 0 || offset_s == 0)
			offset_s = offset_at(now_s);
		garden_tick(&garden, now_s + offset_s);
		for (int relay = 0; relay < RELAYS; relay++) {
			if (on[relay] == (garden.left_s[relay] > 0))
				continue;
			on[relay] = !on[relay];
			if (now_s >= from_s)
				slow[count++] = (struct switching){now_s, relay + 1, on[relay]};
			assert_true(count < ROOM);
		}
	}
	return count;
}

static int by_time(const void *left, const void *right)
{
	const struct switching *a = left, *b = right;

	if (a->at_s != b->at_s)
		return a->at_s < b->at_s ? -1 : 1;
	return a->relay - b->relay;
}

static size_t fast_switchings(const struct profile_set *set, int64_t from_s, int64_t to_s)
{
	struct schedule_query query = {
		.set = set, .level_percent = 100, .from_s = from_s, .to_s = to_s};
	struct scheduled_run *runs;
	int64_t run_count = schedule_runs(&query, &runs);
	size_t count = 0;

	assert_true(run_count > 1000);
	for (int64_t i = 0; i < run_count; i++) {
		if (runs[i].start_s >= from_s)
			fast[count++] =
				(struct switching){runs[i].start_s, (int)runs[i].relay, true};
		if (runs[i].end_s < to_s)
			fast[count++] =
				(struct switching){runs[i].end_s, (int)runs[i].relay, false};
		assert_true(count < ROOM);
	}
	free(runs);
	qsort(fast, count, sizeof(fast[0]), by_time);
	return count;
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

static void a_year_agrees_to_the_second_in_each_zone(void **state)
{
	char *text = profile_text();
	struct profile_set *set = profiles_of(text);

	(void)state;
	for (int i = 0; i < STARTS; i++)
		begins[starts[i].second_of_day] = true;
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		zone_use(years[i].zone);
		int64_t from_s = at(years[i].from), to_s = at(years[i].to);
		size_t slow_count = slow_switchings(from_s, to_s);
		size_t fast_count = fast_switchings(set, from_s, to_s);

		for (size_t j = 0; j < slow_count && j < fast_count; j++) {
			char a[STAMP_SIZE], b[STAMP_SIZE];

			if (slow[j].at_s == fast[j].at_s && slow[j].relay == fast[j].relay &&
			    slow[j].on == fast[j].on)
				continue;
			fail_msg("%s: relay %d %s at %s, but right is relay %d %s at %s",
				 years[i].zone, fast[j].relay, fast[j].on ? "on" : "off",
				 stamp_local(fast[j].at_s * FIXTURE_NS_PER_S, a, sizeof(a)),
				 slow[j].relay, slow[j].on ? "on" : "off",
				 stamp_local(slow[j].at_s * FIXTURE_NS_PER_S, b, sizeof(b)));
		}
		assert_int_equal(fast_count, slow_count);
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
