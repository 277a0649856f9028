/* srv/schedule/schedule.h: profiles become runs. */

#include <stdbool.h>
#include "schedule_fixture.h"
#include "schedule/calendar.h"
#include "schedule/schedule.h"

/* The runs of the first profile, a line each: "RELAY START END", local times. */
static char *runs_text(const char *yaml, const char *from, const char *to, int level_percent,
		       const struct ledger *ran)
{
	struct profile_set *set = profiles_of(yaml);
	struct schedule_query query = {.set = set,
				       .level_percent = level_percent,
				       .from_s = at(from),
				       .to_s = at(to),
				       .ran = ran};
	struct scheduled_run *runs;
	int64_t count = schedule_runs(&query, &runs);
	size_t length;
	char *text, start[STAMP_SIZE], end[STAMP_SIZE];
	FILE *out = open_memstream(&text, &length);

	assert_true(count >= 0);
	for (int64_t i = 0; i < count; i++)
		fprintf(out, "%u %s %s\n", runs[i].relay,
			stamp_local(runs[i].start_s * FIXTURE_NS_PER_S, start, sizeof(start)),
			stamp_local(runs[i].end_s * FIXTURE_NS_PER_S, end, sizeof(end)));
	fclose(out);
	free(runs);
	free(set);
	return text;
}

static void assert_runs(const char *what, const char *yaml, const char *from, const char *to,
			int level_percent, const char *expected)
{
	char *text = runs_text(yaml, from, to, level_percent, NULL);

	if (strcmp(text, expected) != 0)
		fail_msg("%s:\n%sbut right is\n%s", what, text, expected);
	free(text);
}

#define ONE(days, times, durations) \
	"p:\n  relay1: {Days: [" days "], Times: [" times "], durations: [" durations "]}\n"

static const struct {
	const char *what, *zone, *yaml, *from, *to, *expected;
} cases[] = {
	{"weekdays", "America/New_York", ONE("Tuesday, sat", "830, '9:30:15'", "2, 90s"),
	 "2026-11-24", "2026-11-29",
	 "1 2026-11-24T08:30:00-05:00 2026-11-24T08:32:00-05:00\n"
	 "1 2026-11-24T09:30:15-05:00 2026-11-24T09:31:45-05:00\n"
	 "1 2026-11-28T08:30:00-05:00 2026-11-28T08:32:00-05:00\n"
	 "1 2026-11-28T09:30:15-05:00 2026-11-28T09:31:45-05:00\n"},
	{"no day, no run", "America/New_York", ONE("None", "830", "2"), "2026-01-01", "2027-01-01",
	 ""},
	{"no duration, no run", "America/New_York", ONE("all", "830", "0"), "2026-01-01",
	 "2026-02-01", ""},
	{"across midnight and a month's end", "Europe/Berlin", ONE("2026-01-31", "2350", "20"),
	 "2026-01-01", "2026-03-01", "1 2026-01-31T23:50:00+01:00 2026-02-01T00:10:00+01:00\n"},
	{"a window that is open when the span begins", "Europe/Berlin",
	 ONE("2026-01-31", "2350", "20"), "2026-02-01", "2026-02-02",
	 "1 2026-01-31T23:50:00+01:00 2026-02-01T00:10:00+01:00\n"},
	{"its end is not in it", "Europe/Berlin", ONE("2026-01-31", "2350", "10"), "2026-02-01",
	 "2026-02-02", ""},
	{"a window whole beyond the span's end", "Europe/Berlin", ONE("2026-01-31", "2350", "20"),
	 "2026-01-31", "2026-02-01", "1 2026-01-31T23:50:00+01:00 2026-02-01T00:10:00+01:00\n"},
	{"a window of a day", "Asia/Kolkata", ONE("2026-01-31", "2350", "24h"),
	 "2026-02-01T10:00:00Z", "2026-02-03",
	 "1 2026-01-31T23:50:00+05:30 2026-02-01T23:50:00+05:30\n"},
	{"even: the last of a month is odd, the next too", "Asia/Kolkata", ONE("odd", "600", "1"),
	 "2026-01-30", "2026-02-02",
	 "1 2026-01-31T06:00:00+05:30 2026-01-31T06:01:00+05:30\n"
	 "1 2026-02-01T06:00:00+05:30 2026-02-01T06:01:00+05:30\n"},
	{"even in February of a leap year", "Asia/Kolkata", ONE("even", "600", "1"), "2028-02-28",
	 "2028-03-03",
	 "1 2028-02-28T06:00:00+05:30 2028-02-28T06:01:00+05:30\n"
	 "1 2028-03-02T06:00:00+05:30 2028-03-02T06:01:00+05:30\n"},
	{"the leap day", "Asia/Kolkata", ONE("2028-02-29, odd", "600", "1"), "2028-02-28",
	 "2028-03-02",
	 "1 2028-02-29T06:00:00+05:30 2028-02-29T06:01:00+05:30\n"
	 "1 2028-03-01T06:00:00+05:30 2028-03-01T06:01:00+05:30\n"},
	{"every third day across New Year", "America/New_York",
	 "p:\n  relay1: {days: every 3, start: 2026-12-27, times: 600, durations: 1}\n",
	 "2026-12-20", "2027-01-06",
	 "1 2026-12-27T06:00:00-05:00 2026-12-27T06:01:00-05:00\n"
	 "1 2026-12-30T06:00:00-05:00 2026-12-30T06:01:00-05:00\n"
	 "1 2027-01-02T06:00:00-05:00 2027-01-02T06:01:00-05:00\n"
	 "1 2027-01-05T06:00:00-05:00 2027-01-05T06:01:00-05:00\n"},
	{"a season and its two ends", "America/New_York",
	 "p:\n  season: Apr 15 - Apr 16\n  relay1: {days: all, times: 600, durations: 1}\n",
	 "2026-04-01", "2026-05-01",
	 "1 2026-04-15T06:00:00-04:00 2026-04-15T06:01:00-04:00\n"
	 "1 2026-04-16T06:00:00-04:00 2026-04-16T06:01:00-04:00\n"},
	{"a season over New Year", "Asia/Kolkata",
	 "p:\n  season: Dec 31 - Jan 1\n  relay1: {days: all, times: 600, durations: 1}\n",
	 "2026-01-02", "2027-01-03",
	 "1 2026-12-31T06:00:00+05:30 2026-12-31T06:01:00+05:30\n"
	 "1 2027-01-01T06:00:00+05:30 2027-01-01T06:01:00+05:30\n"},
	{"two seasons", "Asia/Kolkata",
	 "p:\n  season: [Feb 29 - Feb 29, June 3 - Jun 3]\n"
	 "  relay1: {days: all, times: 600, durations: 1}\n",
	 "2028-01-01", "2029-01-01",
	 "1 2028-02-29T06:00:00+05:30 2028-02-29T06:01:00+05:30\n"
	 "1 2028-06-03T06:00:00+05:30 2028-06-03T06:01:00+05:30\n"},
	{"a run that windows beyond the span prolong", "Asia/Kolkata",
	 ONE("all", "0000, 0010, 2350", "10, 10, 10"), "2026-06-01T12:00:00Z", "2026-06-02",
	 "1 2026-06-01T23:50:00+05:30 2026-06-02T00:20:00+05:30\n"},
	{"overlapping windows are one run", "Asia/Kolkata",
	 ONE("2026-06-01", "800, 805, 820", "10, 10, 5"), "2026-06-01", "2026-06-02",
	 "1 2026-06-01T08:00:00+05:30 2026-06-01T08:15:00+05:30\n"
	 "1 2026-06-01T08:20:00+05:30 2026-06-01T08:25:00+05:30\n"},
	{"touching windows too, also out of order", "Asia/Kolkata",
	 ONE("2026-06-01", "810, 800", "10, 10"), "2026-06-01", "2026-06-02",
	 "1 2026-06-01T08:00:00+05:30 2026-06-01T08:20:00+05:30\n"},
	{"one within another", "Asia/Kolkata", ONE("2026-06-01", "800, 805", "30, 1"), "2026-06-01",
	 "2026-06-02", "1 2026-06-01T08:00:00+05:30 2026-06-01T08:30:00+05:30\n"},
	{"a second apart is apart", "Asia/Kolkata", ONE("2026-06-01", "800, '08:10:01'", "10, 10"),
	 "2026-06-01", "2026-06-02",
	 "1 2026-06-01T08:00:00+05:30 2026-06-01T08:10:00+05:30\n"
	 "1 2026-06-01T08:10:01+05:30 2026-06-01T08:20:01+05:30\n"},
	{"relays do not join; order of time, then relay", "Asia/Kolkata",
	 "p:\n  relay2: {days: 2026-06-01, times: 800, durations: 10}\n"
	 "  relay1: {days: 2026-06-01, times: 800, durations: 10}\n"
	 "  relay3: {days: 2026-06-01, times: 759, durations: 10}\n",
	 "2026-06-01", "2026-06-02",
	 "3 2026-06-01T07:59:00+05:30 2026-06-01T08:09:00+05:30\n"
	 "1 2026-06-01T08:00:00+05:30 2026-06-01T08:10:00+05:30\n"
	 "2 2026-06-01T08:00:00+05:30 2026-06-01T08:10:00+05:30\n"},
	{"skipped starts come together after the gap", "America/New_York",
	 ONE("sun", "200, 215, 330", "10, 20, 1"), "2026-03-08", "2026-03-09",
	 "1 2026-03-08T03:00:00-04:00 2026-03-08T03:20:00-04:00\n"
	 "1 2026-03-08T03:30:00-04:00 2026-03-08T03:31:00-04:00\n"},
	{"a duration over the gap is elapsed time", "America/New_York", ONE("sun", "150", "20"),
	 "2026-03-08", "2026-03-09", "1 2026-03-08T01:50:00-05:00 2026-03-08T03:10:00-04:00\n"},
	{"a repeated start comes the first time only", "America/New_York", ONE("sun", "130", "10"),
	 "2026-11-01", "2026-11-02", "1 2026-11-01T01:30:00-04:00 2026-11-01T01:40:00-04:00\n"},
	{"a duration into the repeated hour is elapsed time", "America/New_York",
	 ONE("sun", "150", "20"), "2026-11-01", "2026-11-02",
	 "1 2026-11-01T01:50:00-04:00 2026-11-01T01:10:00-05:00\n"},
	{"half an hour forward", "Australia/Lord_Howe", ONE("sun", "210", "10"), "2026-10-04",
	 "2026-10-05", "1 2026-10-04T02:30:00+11:00 2026-10-04T02:40:00+11:00\n"},
	{"half an hour back", "Australia/Lord_Howe", ONE("sun", "145", "30"), "2026-04-05",
	 "2026-04-06", "1 2026-04-05T01:45:00+11:00 2026-04-05T01:45:00+10:30\n"},
	{"Ramadan begins", "Africa/Casablanca", ONE("2026-02-15", "230", "5"), "2026-02-15",
	 "2026-02-16", "1 2026-02-15T02:30:00+01:00 2026-02-15T02:35:00+01:00\n"},
	{"Ramadan ends", "Africa/Casablanca", ONE("2026-03-22", "230", "5"), "2026-03-22",
	 "2026-03-23", "1 2026-03-22T03:00:00+01:00 2026-03-22T03:05:00+01:00\n"},
	{"a day that begins at one", "America/Sao_Paulo", ONE("2018-11-04", "0000", "5"),
	 "2018-11-03", "2018-11-05", "1 2018-11-04T01:00:00-02:00 2018-11-04T01:05:00-02:00\n"},
	{"a day whose last hour comes twice", "America/Sao_Paulo",
	 ONE("2018-02-17, 2018-02-18", "0000, 2330", "5, 5"), "2018-02-17", "2018-02-18T12:00:00Z",
	 "1 2018-02-17T00:00:00-02:00 2018-02-17T00:05:00-02:00\n"
	 "1 2018-02-17T23:30:00-02:00 2018-02-17T23:35:00-02:00\n"
	 "1 2018-02-18T00:00:00-03:00 2018-02-18T00:05:00-03:00\n"},
	{"the sun of the day before", "America/New_York", ONE("2026-06-21", "sunset+10h", "1"),
	 "2026-06-22T10:00:00Z", "2026-06-23",
	 "1 2026-06-22T06:30:50-04:00 2026-06-22T06:31:50-04:00\n"},
	{"the sun's times", "America/New_York",
	 ONE("2026-06-21", "sunset-12h, sunrise+30, sunset+10h", "1, 1, 1"), "2026-06-21",
	 "2026-06-23",
	 "1 2026-06-21T05:54:40-04:00 2026-06-21T05:55:40-04:00\n"
	 "1 2026-06-21T08:30:50-04:00 2026-06-21T08:31:50-04:00\n"
	 "1 2026-06-22T06:30:50-04:00 2026-06-22T06:31:50-04:00\n"},
};

static void profiles_become_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		zone_use(cases[i].zone);
		assert_runs(cases[i].what, cases[i].yaml, cases[i].from, cases[i].to, 100,
			    cases[i].expected);
	}
}

static void the_level_scales_durations(void **state)
{
	const char *yaml = ONE("2026-06-01", "800, 801", "1, 45s");

	(void)state;
	zone_use("Asia/Kolkata");
	assert_runs("0 %", yaml, "2026-06-01", "2026-06-02", 0, "");
	assert_runs("50 %, to the nearest second", yaml, "2026-06-01", "2026-06-02", 50,
		    "1 2026-06-01T08:00:00+05:30 2026-06-01T08:00:30+05:30\n"
		    "1 2026-06-01T08:01:00+05:30 2026-06-01T08:01:23+05:30\n");
	assert_runs("250 %, and windows come to overlap", yaml, "2026-06-01", "2026-06-02", 250,
		    "1 2026-06-01T08:00:00+05:30 2026-06-01T08:02:53+05:30\n");
	assert_runs("the longest window there is, at its end", ONE("2026-01-31", "2350", "24h"),
		    "2026-02-03", "2026-02-04", 250,
		    "1 2026-01-31T23:50:00+05:30 2026-02-03T11:50:00+05:30\n");
}

static void what_has_been_run_is_left_out(void **state)
{
	const char *yaml = ONE("all", "800, 805", "10, 10");
	struct profile_set *set = profiles_of(yaml);
	struct ledger ran = {0};
	char *text;

	(void)state;
	zone_use("Asia/Kolkata");
	ledger_add(&ran, &(struct ledger_entry){.profile_key = set->profile[0].key,
						.relay = 1,
						.first_civil_s = at("2026-06-01T08:00:00Z"),
						.last_civil_s = at("2026-06-01T08:00:00Z")});
	text = runs_text(yaml, "2026-06-01", "2026-06-03", 100, &ran);
	assert_string_equal(text, "1 2026-06-01T08:05:00+05:30 2026-06-01T08:15:00+05:30\n"
				  "1 2026-06-02T08:00:00+05:30 2026-06-02T08:15:00+05:30\n");
	free(text);
	free(set);
}

/* Windows that touch without end are cut after RUN_MAX_S, and the next run begins at once. */
static void endless_windows_are_cut(void **state)
{
	struct profile_set *set = profiles_of(ONE("all", "0000, 0800, 1600", "8h, 8h, 8h"));
	struct schedule_query query = {.set = set, .level_percent = 100};
	struct scheduled_run *runs;

	(void)state;
	zone_use("Asia/Kolkata");
	query.from_s = at("2026-06-01");
	query.to_s = at("2026-06-04");
	int64_t count = schedule_runs(&query, &runs);

	assert_true(count >= 3);
	for (int64_t i = 0; i < count; i++) {
		assert_true(runs[i].end_s - runs[i].start_s <= RUN_MAX_S + 8 * 3600);
		if (i > 0)
			assert_int_equal(runs[i - 1].end_s, runs[i].start_s);
	}
	assert_true(runs[0].start_s <= query.from_s && runs[count - 1].end_s >= query.to_s);
	free(runs);
	free(set);
}

static void a_program_matches_its_dates(void **state)
{
	struct profile_set *set = profiles_of("p:\n  season: Apr 1 - Apr 30\n  relay1: {days: "
					      "[tue], times: 8:00, durations: 1}\n");

	(void)state;
	assert_true(schedule_matches(set, 0, &set->program[0], calendar_date(2026, 4, 7)));
	assert_false(schedule_matches(set, 0, &set->program[0], calendar_date(2026, 4, 8)));
	assert_false(schedule_matches(set, 0, &set->program[0], calendar_date(2026, 5, 5)));
	free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_become_runs),
		cmocka_unit_test(the_level_scales_durations),
		cmocka_unit_test(what_has_been_run_is_left_out),
		cmocka_unit_test(endless_windows_are_cut),
		cmocka_unit_test(a_program_matches_its_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
