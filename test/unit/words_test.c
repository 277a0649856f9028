/* shared/words.h: a command line cut into words. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <bsd/string.h>
#include <string.h>
#include <cmocka.h>
#include "words.h"

#define CASE_WORDS 4

static void lines_are_cut_into_words(void **state)
{
	static const struct {
		const char *line;
		int count;
		const char *words[CASE_WORDS];
	} cases[] = {
		{"", 0, {NULL}},
		{" \t ", 0, {NULL}},
		{"grs", 1, {"grs"}},
		{"  grs\t1  3 ", 3, {"grs", "1", "3"}},
		{"rlf 5 match \"two words\"", 4, {"rlf", "5", "match", "two words"}},
		{"auth me \"\"", 3, {"auth", "me", ""}},
		{"\"\"", 1, {""}},
		{"\" \"", 1, {" "}},
		{"a\"b c\"d e", 2, {"ab cd", "e"}},
		{"\"a\"\"b\" c", 2, {"ab", "c"}},
		{"\"a\" \"b\"", 2, {"a", "b"}},
		{"a\\ b", 2, {"a\\", "b"}},
		{"\"a\\\" b", 2, {"a\\", "b"}},
		{"'a b'", 2, {"'a", "b'"}},
		{"k=\"v w\"", 1, {"k=v w"}},
		{"R\xc3\xa4sen\xc2\xa0hinten", 1, {"R\xc3\xa4sen\xc2\xa0hinten"}},
		{"a\vb\fc\rd", 1, {"a\vb\fc\rd"}},
		{"1 2 3 4", 4, {"1", "2", "3", "4"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[64];
		char *words[CASE_WORDS];
		int count = 0;

		assert_true(strlcpy(line, cases[i].line, sizeof(line)) < sizeof(line));
		count = words_split(line, words, CASE_WORDS);
		if (count != cases[i].count)
			fail_msg("<%s>: %d words, not %d", cases[i].line, count, cases[i].count);
		for (int w = 0; w < count; w++)
			assert_string_equal(words[w], cases[i].words[w]);
	}
}

static void an_open_quote_is_refused(void **state)
{
	static const char *const cases[] = {"\"", "a \"b", "a \"b c\" \"", "\"\"\"", "a b\""};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[64];
		char *words[CASE_WORDS];

		assert_true(strlcpy(line, cases[i], sizeof(line)) < sizeof(line));
		errno = 0;
		assert_int_equal(words_split(line, words, CASE_WORDS), -1);
		assert_int_equal(errno, EINVAL);
	}
}

static void too_many_words_are_refused_and_none_is_written(void **state)
{
	char line[] = "1 2 3 4 5";
	char *words[CASE_WORDS + 1] = {NULL};

	(void)state;
	errno = 0;
	assert_int_equal(words_split(line, words, CASE_WORDS), -1);
	assert_int_equal(errno, E2BIG);
	assert_null(words[CASE_WORDS]);
}

static void blanks_after_the_last_word_are_no_word_more(void **state)
{
	char line[] = "1 2 3 4   ";
	char *words[CASE_WORDS];

	(void)state;
	assert_int_equal(words_split(line, words, CASE_WORDS), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_cut_into_words),
		cmocka_unit_test(an_open_quote_is_refused),
		cmocka_unit_test(too_many_words_are_refused_and_none_is_written),
		cmocka_unit_test(blanks_after_the_last_word_are_no_word_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
