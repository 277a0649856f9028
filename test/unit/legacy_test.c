/* srv/session/arrival.h and legacy_words.h: what the Python program's clients send and read. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "session/arrival.h"
#include "session/command.h"
#include "session/legacy_words.h"

static struct arrival arrival;

static void arrive(const char *bytes, size_t count)
{
	assert_true(count <= ARRIVAL_MAX);
	memcpy(arrival.bytes, bytes, count);
	arrival_take(&arrival, count);
}

static void expect_message(const char *wanted)
{
	char *text = NULL;

	assert_int_equal(arrival_next(&arrival, &text), LINE_GOOD);
	assert_string_equal(text, wanted);
}

static void expect_kind(enum line_kind kind)
{
	char *text = NULL;

	assert_int_equal(arrival_next(&arrival, &text), kind);
}

static void test_messages(void **state)
{
	static const struct {
		const char *bytes, *messages[4];
	} cases[] = {
		{"grs", {"grs"}},
		{"grs\n", {"grs"}},
		{"grs\r\n", {"grs"}},
		{"grs\r", {"grs"}},
		{"\n", {""}},
		{" src 3 ", {" src 3 "}},
		{"grsgrs", {"grsgrs"}},
		{"grs\nm", {"grs", "m"}},
		{"grs\r\n\nm\n", {"grs", "", "m"}},
		{"", {NULL}},
	};

	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arrive(cases[i].bytes, strlen(cases[i].bytes));
		for (size_t j = 0; cases[i].messages[j]; j++)
			expect_message(cases[i].messages[j]);
		expect_kind(LINE_NONE);
	}
}

static void test_longest_message(void **state)
{
	char bytes[ARRIVAL_MAX + 1];

	(void)state; /* none is needed */
	memset(bytes, 'x', ARRIVAL_MAX);
	bytes[ARRIVAL_MAX] = '\0';
	arrive(bytes, ARRIVAL_MAX);
	expect_message(bytes);
	expect_kind(LINE_NONE);
	bytes[ARRIVAL_MAX - 1] = '\n';
	arrive(bytes, ARRIVAL_MAX);
	bytes[ARRIVAL_MAX - 1] = '\0';
	expect_message(bytes);
	expect_kind(LINE_NONE);
}

static void test_no_text(void **state)
{
	(void)state; /* none is needed */
	arrive("a\0b\n\xc3\x28\nm", 8);
	expect_kind(LINE_NUL);
	expect_kind(LINE_NOT_UTF8);
	expect_message("m");
	expect_kind(LINE_NONE);
}

static void test_addresses(void **state)
{
	static const char *const cases[][2] = {
		{"192.168.1.20:50514", "('192.168.1.20', 50514)"},
		{"[::1]:40123", "('::1', 40123)"},
		{"[2001:db8::1]:1", "('2001:db8::1', 1)"},
		{"[fe80::1%eth0]:65535", "('fe80::1%eth0', 65535)"},
		{"unix", "('unix', 0)"},
		{"unix pid 4711", "('unix pid 4711', 0)"},
		{"unix:/tmp/a:1", "('unix:/tmp/a:1', 0)"},
		{"unknown", "('unknown', 0)"},
		{"", "('', 0)"},
	};
	char text[LEGACY_ADDRESS_SIZE];

	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(legacy_address(cases[i][0], text, sizeof(text)), cases[i][1]);
}

static void test_objections(void **state)
{
	size_t objected = 0;

	(void)state; /* none is needed */
	for (size_t i = 0; i < command_count; i++)
		objected += legacy_wording.objection(&commands[i]) != NULL;
	assert_int_equal(objected, 3);
	assert_non_null(legacy_wording.objection(command_find("watch")));
	assert_non_null(legacy_wording.objection(command_find("format")));
	assert_non_null(legacy_wording.objection(command_find("auth")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),   cmocka_unit_test(test_longest_message),
		cmocka_unit_test(test_no_text),	   cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_objections),
	};

	return cmocka_run_group_tests_name("legacy", tests, NULL, NULL);
}
