/* shared/stamp.h: points in time as RFC 3339 text. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "stamp.h"

#define S INT64_C(1000000000)

static void zone_set(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

static void utc_is_written(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{0, "1970-01-01T00:00:00Z"},
		{999999999, "1970-01-01T00:00:00Z"},
		{INT64_C(1795242600) * S, "2026-11-21T06:30:00Z"},
		{INT64_C(1709164800) * S + 1, "2024-02-29T00:00:00Z"},
		{INT64_MAX, "2262-04-11T23:47:16Z"},
		{-1, "never"},
		{INT64_MIN, "never"},
	};
	char text[STAMP_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(stamp_utc(cases[i].ns, text, sizeof(text)), cases[i].text);
}

static void local_time_is_written_with_its_offset(void **state)
{
	static const struct {
		const char *zone;
		int64_t s;
		const char *text;
	} cases[] = {
		{"Europe/Berlin", 1795242600, "2026-11-21T07:30:00+01:00"},
		{"Europe/Berlin", 1782000000, "2026-06-21T02:00:00+02:00"},
		{"America/New_York", 1795242600, "2026-11-21T01:30:00-05:00"},
		{"America/St_Johns", 1795242600, "2026-11-21T03:00:00-03:30"},
		{"Australia/Lord_Howe", 1782000000, "2026-06-21T10:30:00+10:30"},
		{"Asia/Kathmandu", 1795242600, "2026-11-21T12:15:00+05:45"},
		{"UTC", 1795242600, "2026-11-21T06:30:00+00:00"},
		{"UTC", -1, "never"},
	};
	char text[STAMP_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		zone_set(cases[i].zone);
		assert_string_equal(stamp_local(cases[i].s * S, text, sizeof(text)), cases[i].text);
	}
}

static void stamps_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{"2026-11-21T06:30:00Z", INT64_C(1795242600) * S},
		{"2026-11-21t06:30:00z", INT64_C(1795242600) * S},
		{"2026-11-21T07:30:00+01:00", INT64_C(1795242600) * S},
		{"2026-11-21T03:00:00-03:30", INT64_C(1795242600) * S},
		{"2026-11-20T16:30:00-14:00", INT64_C(1795242600) * S},
		{"2026-11-21T06:30:00-00:00", INT64_C(1795242600) * S},
		{"2026-11-21T06:30:00.25Z", INT64_C(1795242600) * S + S / 4},
		{"2026-11-21T06:30:00.000000001Z", INT64_C(1795242600) * S + 1},
		{"2026-11-21T06:30:00.0000000019999999999Z", INT64_C(1795242600) * S + 1},
		{"2016-12-31T23:59:60Z", INT64_C(1483228800) * S},
		{"1970-01-01T00:00:00Z", 0},
		{"2024-02-29T00:00:00Z", INT64_C(1709164800) * S},
		{"2261-12-31T23:59:59Z", INT64_C(9214646399) * S},
	};

	(void)state;
	zone_set("Asia/Tokyo"); /* must not matter */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ns = -1;

		if (stamp_parse(cases[i].text, &ns) != 0 || ns != cases[i].ns)
			fail_msg("%s: %lld", cases[i].text, (long long)ns);
	}
}

static void anything_else_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"never",
		"now",
		"2026",
		"2026-11",
		"2026-11-21T",
		"2026-11-21T06:30",
		"2026-11-21T06:30:00",
		"2026-11-21 06:30:00Z",
		"2026-11-21T06:30:00ZZ",
		"2026-11-21T06:30:00.Z",
		"2026-11-21T06:30:00,5Z",
		"2026-11-21T06:30:00+0100",
		"2026-11-21T06:30:00+01",
		"2026-11-21T06:30:00+24:00",
		"2026-11-21T06:30:00+01:60",
		"2026-11-21T24:00:00Z",
		"2026-11-21T06:60:00Z",
		"2026-11-21T06:30:61Z",
		"2026-1-21",
		"2026-13-01",
		"2026-00-01",
		"2026-01-00",
		"2026-01-32",
		"2026-02-29",
		"2026-04-31",
		" 2026-11-21",
		"2026-11-21 ",
		"+026-11-21",
		"1969-12-31",
		"1970-01-01T00:00:00+01:00",
		"2262-01-01",
		"9999-12-31",
	};

	(void)state;
	zone_set("UTC");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ns = 4711;

		errno = 0;
		if (stamp_parse(cases[i], &ns) != -1 || errno != EINVAL || ns != 4711)
			fail_msg("\"%s\" is read as %lld", cases[i], (long long)ns);
	}
}

static void a_date_is_its_first_local_instant(void **state)
{
	static const struct {
		const char *zone, *date, *first;
	} cases[] = {
		{"UTC", "2026-11-21", "2026-11-21T00:00:00+00:00"},
		{"Europe/Berlin", "2026-11-21", "2026-11-21T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},
		{"America/New_York", "2026-07-04", "2026-07-04T00:00:00-04:00"},
		{"Pacific/Kiritimati", "2026-11-21", "2026-11-21T00:00:00+14:00"},
		{"Pacific/Pago_Pago", "2026-11-21", "2026-11-21T00:00:00-11:00"},
		/* midnight is skipped */
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"},
		/* midnight comes twice */
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},
		/* the day does not exist: Samoa crossed the date line */
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},
	};
	char text[STAMP_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ns = -1;

		zone_set(cases[i].zone);
		assert_int_equal(stamp_parse(cases[i].date, &ns), 0);
		assert_string_equal(stamp_local(ns, text, sizeof(text)), cases[i].first);
	}
}

static void what_is_written_is_read_back(void **state)
{
	char text[STAMP_SIZE];

	(void)state;
	zone_set("America/New_York");
	for (int64_t s = 86400; s < INT64_C(9214646400); s += 3456789) {
		int64_t utc = -1;
		int64_t local = -1;

		assert_int_equal(stamp_parse(stamp_utc(s * S, text, sizeof(text)), &utc), 0);
		assert_int_equal(stamp_parse(stamp_local(s * S, text, sizeof(text)), &local), 0);
		assert_true(utc == s * S && local == s * S);
	}
}

/* time(2) is as coarse as stamp_coarse_ns: each may be a tick behind. */
static void now_is_the_real_time(void **state)
{
	int64_t coarse = stamp_coarse_ns();
	int64_t now = stamp_now_ns();
	time_t libc_now = time(NULL);

	(void)state;
	assert_in_range(libc_now + 1 - now / S, 0, 60);
	assert_in_range(now - coarse, 0, 60 * S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utc_is_written),
		cmocka_unit_test(local_time_is_written_with_its_offset),
		cmocka_unit_test(stamps_are_read),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(a_date_is_its_first_local_instant),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(now_is_the_real_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
