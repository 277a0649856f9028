/* shared/reply.h: reply lines of the control protocol. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "reply.h"

static void reply_lines_are_read(void **state)
{
	static const struct {
		const char *line;
		int code;
		bool final;
		const char *text;
	} cases[] = {
		{"200 done", 200, true, "done"},
		{"200-Relay 1", 200, false, "Relay 1"},
		{"200 ", 200, true, ""},
		{"200-", 200, false, ""},
		{"100 x", 100, true, "x"},
		{"999- - ", 999, false, " - "},
		{"421 Server is shutting down RE: ks by x", 421, true,
		 "Server is shutting down RE: ks by x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply_line reply = {0};

		assert_int_equal(reply_line_parse(cases[i].line, &reply), 0);
		assert_int_equal(reply.code, cases[i].code);
		assert_int_equal(reply.final, cases[i].final);
		assert_string_equal(reply.text, cases[i].text);
		assert_ptr_equal(reply.text, cases[i].line + 4);
	}
}

static void other_lines_are_refused(void **state)
{
	static const char *const cases[] = {
		"",	  "2",	    "20",     "200",	       "200x",	   "2000 x",
		" 200 x", "099 x",  "+20 x",  "-20 x",	       "2a0 x",	   "20a x",
		"hello",  "200\tx", "200:ok", "\xff\xff\xff ", "20\xb2 x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply_line reply = {.code = 4711};

		errno = 0;
		assert_int_equal(reply_line_parse(cases[i], &reply), -1);
		assert_int_equal(errno, EINVAL);
		assert_int_equal(reply.code, 4711);
	}
}

static void every_code_has_one_meaning(void **state)
{
	static const enum reply_code codes[] = {
		REPLY_DONE,
		REPLY_LATER,
		REPLY_GREETING,
		REPLY_GOODBYE,
		REPLY_AUTHENTICATED,
		REPLY_EVENT,
		REPLY_SHUTTING_DOWN,
		REPLY_REFUSED,
		REPLY_FAILED,
		REPLY_NO_COMMAND,
		REPLY_BAD_ARGUMENTS,
		REPLY_AUTHENTICATE_FIRST,
		REPLY_AUTHENTICATION_FAILED,
		REPLY_NOT_ALLOWED,
		REPLY_TOO_MANY_CLIENTS,
	};
	size_t count = 0;

	(void)state;
	for (; reply_meanings[count].code != 0; count++) {
		assert_true(reply_meanings[count].meaning[0] != '\0');
		assert_int_equal(reply_meanings[count].code, codes[count]);
	}
	assert_int_equal(count, sizeof(codes) / sizeof(codes[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reply_lines_are_read),
		cmocka_unit_test(other_lines_are_refused),
		cmocka_unit_test(every_code_has_one_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
