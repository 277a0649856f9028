/* srv/schedule/calendar.h: local times become instants, clock changes included. */

#include "schedule_fixture.h"
#include "schedule/calendar.h"

/* What the wall clock is asked for, and when it first shows that or more. */
static const struct {
	const char *zone, *civil, *instant;
} cases[] = {
	/* no change in sight, half-hour offsets, both sides of midnight and of a leap day */
	{"Asia/Kolkata", "2026-06-01T08:30:00Z", "2026-06-01T03:00:00Z"},
	{"Asia/Kolkata", "2026-06-01T00:00:00Z", "2026-05-31T18:30:00Z"},
	{"America/New_York", "2028-02-29T12:00:00Z", "2028-02-29T17:00:00Z"},
	{"America/New_York", "2026-07-04T23:59:59Z", "2026-07-05T03:59:59Z"},
	/* 02:00 to 03:00 is skipped */
	{"America/New_York", "2026-03-08T01:59:59Z", "2026-03-08T06:59:59Z"},
	{"America/New_York", "2026-03-08T02:00:00Z", "2026-03-08T07:00:00Z"},
	{"America/New_York", "2026-03-08T02:30:00Z", "2026-03-08T07:00:00Z"},
	{"America/New_York", "2026-03-08T03:00:00Z", "2026-03-08T07:00:00Z"},
	{"America/New_York", "2026-03-08T03:00:01Z", "2026-03-08T07:00:01Z"},
	/* 01:00 to 02:00 comes twice */
	{"America/New_York", "2026-11-01T00:59:59Z", "2026-11-01T04:59:59Z"},
	{"America/New_York", "2026-11-01T01:00:00Z", "2026-11-01T05:00:00Z"},
	{"America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z"},
	{"America/New_York", "2026-11-01T01:59:59Z", "2026-11-01T05:59:59Z"},
	{"America/New_York", "2026-11-01T02:00:00Z", "2026-11-01T07:00:00Z"},
	{"Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:00:00Z"},
	{"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"},
	{"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
	/* half an hour */
	{"Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z"},
	{"Australia/Lord_Howe", "2026-04-05T02:00:00Z", "2026-04-04T15:30:00Z"},
	{"Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:30:00Z"},
	{"Australia/Lord_Howe", "2026-10-04T02:30:00Z", "2026-10-03T15:30:00Z"},
	/* one hour less in Ramadan, which the C library calls daylight saving of -1 h */
	{"Africa/Casablanca", "2026-02-15T02:30:00Z", "2026-02-15T01:30:00Z"},
	{"Africa/Casablanca", "2026-02-15T03:00:00Z", "2026-02-15T03:00:00Z"},
	{"Africa/Casablanca", "2026-03-22T02:30:00Z", "2026-03-22T02:00:00Z"},
	/* midnight skipped; the hour before midnight twice */
	{"America/Sao_Paulo", "2018-11-04T00:00:00Z", "2018-11-04T03:00:00Z"},
	{"America/Sao_Paulo", "2018-11-04T00:30:00Z", "2018-11-04T03:00:00Z"},
	{"America/Sao_Paulo", "2018-11-04T01:00:00Z", "2018-11-04T03:00:00Z"},
	{"America/Sao_Paulo", "2018-02-17T23:30:00Z", "2018-02-18T01:30:00Z"},
	{"America/Sao_Paulo", "2018-02-18T00:00:00Z", "2018-02-18T03:00:00Z"},
	/* a whole day skipped at the date line */
	{"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z"},
	{"Pacific/Apia", "2011-12-31T00:00:00Z", "2011-12-30T10:00:00Z"},
};

static void a_civil_time_becomes_its_instant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		zone_use(cases[i].zone);
		if (calendar_instant(at(cases[i].civil)) != at(cases[i].instant)) {
			char got[STAMP_SIZE];

			stamp_utc(calendar_instant(at(cases[i].civil)) * FIXTURE_NS_PER_S, got,
				  sizeof(got));
			fail_msg("%s %s: %s, not %s", cases[i].zone, cases[i].civil, got,
				 cases[i].instant);
		}
	}
}

static void instants_never_fall_as_civil_time_grows(void **state)
{
	int64_t before = 0;

	(void)state;
	zone_use("Australia/Lord_Howe");
	for (int64_t civil_s = at("2026-04-04T00:00:00Z"); civil_s < at("2026-04-06T00:00:00Z");
	     civil_s += 60) {
		assert_true(calendar_instant(civil_s) >= before);
		before = calendar_instant(civil_s);
	}
}

static void dates_are_days_that_exist(void **state)
{
	struct calendar_day day;

	(void)state;
	assert_int_equal(calendar_date(1970, 1, 1), 0);
	assert_int_equal(calendar_date(2028, 2, 29), calendar_date(2028, 3, 1) - 1);
	assert_int_equal(calendar_date(2026, 2, 29), -1);
	assert_int_equal(calendar_date(2100, 2, 29), -1);
	assert_int_equal(calendar_date(2026, 4, 31), -1);
	assert_int_equal(calendar_date(2026, 13, 1), -1);
	assert_int_equal(calendar_date(2026, 0, 1), -1);
	assert_int_equal(calendar_date(1969, 12, 31), -1);
	calendar_day(calendar_date(2026, 11, 24), &day);
	assert_int_equal(day.year, 2026);
	assert_int_equal(day.month, 11);
	assert_int_equal(day.day, 24);
	assert_int_equal(day.weekday, 2); /* a Tuesday */
}

static void the_date_is_the_local_one(void **state)
{
	(void)state;
	zone_use("America/New_York");
	assert_int_equal(calendar_date_of(at("2026-11-25T04:59:59Z")), calendar_date(2026, 11, 24));
	assert_int_equal(calendar_date_of(at("2026-11-25T05:00:00Z")), calendar_date(2026, 11, 25));
}

static const struct {
	const char *zone, *after, *until, *change; /* NULL: none */
} changes[] = {
	{"America/New_York", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z",
	 "2026-03-08T07:00:00Z"},
	{"America/New_York", "2026-03-08T07:00:00Z", "2027-01-01T00:00:00Z",
	 "2026-11-01T06:00:00Z"},
	{"America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T07:00:00Z",
	 "2026-03-08T07:00:00Z"},
	{"America/New_York", "2026-01-01T00:00:00Z", "2026-03-08T06:59:59Z", NULL},
	{"Australia/Lord_Howe", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z",
	 "2026-10-03T15:30:00Z"},
	{"Asia/Kolkata", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", NULL},
};

static void the_next_change_of_the_clock_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		int64_t expected = changes[i].change ? at(changes[i].change) : -1;

		zone_use(changes[i].zone);
		int64_t got = calendar_change(at(changes[i].after), at(changes[i].until));

		if (got != expected)
			fail_msg("%s after %s: %jd, not %jd", changes[i].zone, changes[i].after,
				 (intmax_t)got, (intmax_t)expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_civil_time_becomes_its_instant),
		cmocka_unit_test(instants_never_fall_as_civil_time_grows),
		cmocka_unit_test(dates_are_days_that_exist),
		cmocka_unit_test(the_date_is_the_local_one),
		cmocka_unit_test(the_next_change_of_the_clock_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
