/* shared/span.h: spans as people write them. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "span.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS	  (60 * MINUTE_MS)
#define DAY_MS	  (24 * HOUR_MS)

static const struct {
	const char *text;
	int64_t ms;
} good[] = {
	{"0", 0},
	{"90", 90 * MINUTE_MS},
	{"90s", 90000},
	{"10m", 10 * MINUTE_MS},
	{"1h30m", 90 * MINUTE_MS},
	{"7d", 7 * DAY_MS},
	{"200ms", 200},
	{"1d2h3m4s5ms", DAY_MS + 2 * HOUR_MS + 3 * MINUTE_MS + 4005},
	{"1H30M", 90 * MINUTE_MS},
	{"5MS", 5},
	{"1.5", 90000},
	{".5", 30000},
	{"2.", 2 * MINUTE_MS},
	{"0.1", 6000},
	{"1.5h", 90 * MINUTE_MS},
	{"0.5d1.5h", 13 * HOUR_MS + 30 * MINUTE_MS},
	{"0.0004s", 0},
	{"0.0005s", 1},
	{"1.4ms", 1},
	{"1.5ms", 2},
	{"0.00000000000000000000000000001", 0},
	{"0.99999999999999999999", MINUTE_MS},
	{"00000000000000000000000000000000090s", 90000},
	{"366d", SPAN_MAX_MS},
	{"527040", SPAN_MAX_MS},
};

static const struct {
	const char *text;
	int error;
} bad[] = {
	{"", EINVAL},
	{".", EINVAL},
	{".m", EINVAL},
	{"-1", EINVAL},
	{" -1", EINVAL},
	{"+1", EINVAL},
	{" 1", EINVAL},
	{"1 ", EINVAL},
	{"1h 30m", EINVAL},
	{"m", EINVAL},
	{"1x", EINVAL},
	{"1min", EINVAL},
	{"1h2h", EINVAL},
	{"1m1h", EINVAL},
	{"1ms1s", EINVAL},
	{"1h30", EINVAL},
	{"1,5", EINVAL},
	{"1.2.3", EINVAL},
	{"0x10", EINVAL},
	{"1e3", EINVAL},
	{"inf", EINVAL},
	{"nan", EINVAL},
	{"off", EINVAL},
	{"1\xc2\xb5s", EINVAL},
	{"99999d x", EINVAL},
	{"9999d", ERANGE},
	{"366d1ms", ERANGE},
	{"366d0.5ms", ERANGE},
	{"367d", ERANGE},
	{"527041", ERANGE},
	{"99999999999999999999999999999999999999d", ERANGE},
	{"99999999999999999999999999999999999999d99999999999999999999h999999999999999m", ERANGE},
};

static const struct {
	int64_t ms;
	const char *text;
} written[] = {
	{0, "0s"},
	{-5, "0s"},
	{INT64_MIN, "0s"},
	{1, "1ms"},
	{1000, "1s"},
	{90000, "1m30s"},
	{90 * MINUTE_MS, "1h30m"},
	{HOUR_MS + 200, "1h200ms"},
	{DAY_MS + 2 * HOUR_MS + 3 * MINUTE_MS + 4005, "1d2h3m4s5ms"},
	{SPAN_MAX_MS, "366d"},
	{INT64_MAX, "106751991167d7h12m55s807ms"},
};

static void good_spans_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int64_t ms = -1;

		if (span_parse(good[i].text, &ms) != 0 || ms != good[i].ms)
			fail_msg("\"%s\": %lld ms, not %lld", good[i].text, (long long)ms,
				 (long long)good[i].ms);
	}
}

static void bad_spans_are_refused_and_change_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t ms = 4711;

		errno = 0;
		if (span_parse(bad[i].text, &ms) != -1 || errno != bad[i].error || ms != 4711)
			fail_msg("\"%s\": errno %s, %lld ms", bad[i].text, strerror(errno),
				 (long long)ms);
	}
}

static void spans_are_written(void **state)
{
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		assert_string_equal(span_format(written[i].ms, text, sizeof(text)),
				    written[i].text);
}

static void what_is_written_is_read_back(void **state)
{
	char text[32];

	(void)state;
	for (int64_t ms = 0; ms <= SPAN_MAX_MS; ms = ms * 3 / 2 + 1) {
		int64_t again = -1;

		assert_int_equal(span_parse(span_format(ms, text, sizeof(text)), &again), 0);
		assert_true(again == ms);
	}
}

static void a_small_buffer_gets_the_beginning(void **state)
{
	char text[] = "xxxxxx";

	(void)state;
	assert_ptr_equal(span_format(90000, text, 4), text);
	assert_memory_equal(text, "1m3\0xx", 7);
	(void)span_format(90000, text, 0);
	assert_memory_equal(text, "1m3\0xx", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_spans_are_read),
		cmocka_unit_test(bad_spans_are_refused_and_change_nothing),
		cmocka_unit_test(spans_are_written),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_small_buffer_gets_the_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
