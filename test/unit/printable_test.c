/* shared/printable.h: text from outside made safe. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#define LIBBSD_NETBSD_VIS
#include <bsd/vis.h>
#include <cmocka.h>
#include "printable.h"

static void the_unprintable_is_escaped(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{"", ""},
		{"grs 1 \"two\"", "grs 1 \"two\""},
		{"R\xc3\xa4sen \xe2\x82\xac \xf0\x9f\x92\xa7",
		 "R\xc3\xa4sen \xe2\x82\xac \xf0\x9f\x92\xa7"},
		{"a\nb\r\tc", "a\\012b\\015\\011c"},
		{"\x1b[31m\x7f", "\\033[31m\\177"},
		{"back\\slash", "back\\\\slash"},
		{"\xc2\x9b"
		 "31m",
		 "\\302\\23331m"},			      /* C1: CSI in one character */
		{"\xe2\x80\xae", "\\342\\200\\256"},	      /* right-to-left override */
		{"\xe2\x80\xa8", "\\342\\200\\250"},	      /* line separator */
		{"\xee\x80\x80", "\\356\\200\\200"},	      /* private use */
		{"\xff\xfe", "\\377\\376"},		      /* never UTF-8 */
		{"a\xc3", "a\\303"},			      /* cut short */
		{"\xc0\xaf", "\\300\\257"},		      /* overlong */
		{"\xed\xa0\x80", "\\355\\240\\200"},	      /* surrogate */
		{"\xf4\x90\x80\x80", "\\364\\220\\200\\200"}, /* above U+10FFFF */
	};
	char shown[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ptr_equal(printable_format(cases[i].text, shown, sizeof(shown)), shown);
		assert_string_equal(shown, cases[i].shown);
	}
}

static void quotes_are_escaped_when_asked(void **state)
{
	char shown[64];

	(void)state;
	assert_string_equal(printable_quoted("a \"b\"\n", shown, sizeof(shown)),
			    "a \\042b\\042\\012");
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		const char *shown;
	} cases[] = {
		{"abc", 1, ""},
		{"abc", 3, "ab"},
		{"abc", 4, "abc"},
		{"a\nb", 5, "a"},
		{"a\nb", 6, "a\\012"},
		{"a\xc3\xa4", 3, "a"},
		{"a\xc3\xa4", 4, "a\xc3\xa4"},
		{"\\", 2, ""},
		{"\\", 3, "\\\\"},
	};
	char shown[8];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(shown, 'x', sizeof(shown));
		assert_string_equal(printable_format(cases[i].text, shown, cases[i].size),
				    cases[i].shown);
		assert_int_equal(shown[cases[i].size], 'x');
	}
}

static void every_byte_is_undone_by_unvis(void **state)
{
	char text[256];
	char shown[PRINTABLE_SIZE(sizeof(text))];
	char undone[sizeof(shown)];

	(void)state;
	for (int byte = 1; byte < 256; byte++)
		text[byte - 1] = (char)byte;
	text[255] = '\0';
	printable_quoted(text, shown, sizeof(shown));
	for (const char *c = shown; *c != '\0'; c++)
		assert_true(*c >= ' ' && *c <= '~' && *c != '"');
	assert_int_equal(strunvis(undone, shown), 255);
	assert_string_equal(undone, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_unprintable_is_escaped),
		cmocka_unit_test(quotes_are_escaped_when_asked),
		cmocka_unit_test(what_does_not_fit_is_left_out_whole),
		cmocka_unit_test(every_byte_is_undone_by_unvis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
