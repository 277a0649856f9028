/* shared/relay_set.h: RELAYS as people write them. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "relay_set.h"
#include "words.h"

#define ALL_8  UINT64_C(0xff)
#define ALL_16 UINT64_C(0xffff)
#define BIT(n) (UINT64_C(1) << ((n)-1))

static int parse(const char *text, unsigned relay_count, struct relay_set *set)
{
	char line[1024];
	char *words[WORDS_MAX];
	int count = 0;

	assert_true(snprintf(line, sizeof(line), "%s", text) < (int)sizeof(line));
	count = words_split(line, words, WORDS_MAX);
	assert_true(count >= 0);
	return relay_set_parse(words, (size_t)count, relay_count, set);
}

static void relays_are_read(void **state)
{
	static const struct {
		unsigned relay_count;
		const char *text;
		uint64_t relays;
		const char *left_out;
	} cases[] = {
		{8, "1", BIT(1), ""},
		{8, "13", BIT(1) | BIT(3), ""},
		{16, "13", BIT(13), ""},
		{9, "13", BIT(1) | BIT(3), ""},
		{10, "13 1", BIT(1), "relay 13 does not exist"},
		{10, "10", BIT(10), ""},
		{8, "10", BIT(1), "relay 0 does not exist"},
		{8, "1,3", BIT(1) | BIT(3), ""},
		{8, "1 3", BIT(1) | BIT(3), ""},
		{8, "1,3 5-6,8", BIT(1) | BIT(3) | BIT(5) | BIT(6) | BIT(8), ""},
		{8, "1-4", 0x0f, ""},
		{8, "3-3", BIT(3), ""},
		{16, "9-12", 0x0f00, ""},
		{8, "12345678", ALL_8, ""},
		{8, "all", ALL_8, ""},
		{16, "ALL", ALL_16, ""},
		{1, "all", BIT(1), ""},
		{64, "all", UINT64_MAX, ""},
		{64, "1-64", UINT64_MAX, ""},
		{64, "64", BIT(64), ""},
		{64, "64 65", BIT(64), "relay 65 does not exist"},
		{16, "03", BIT(3), ""},
		{8, "1 1", BIT(1), "relay 1 is named twice"},
		{8, "1 1 1 11", BIT(1), "relay 1 is named twice"},
		{8, "all 3", ALL_8, "relay 3 is named twice"},
		{8, "1 9", BIT(1), "relay 9 does not exist"},
		{8, "1 9 9", BIT(1), "relay 9 does not exist"},
		{8, "919", BIT(1), "relay 9 does not exist"},
		{8, "9 1 1", BIT(1), "relay 9 does not exist; relay 1 is named twice"},
		{8, "7-9", BIT(7) | BIT(8), "relay 9 does not exist"},
		{8, "7-11", BIT(7) | BIT(8), "relays 9-11 do not exist"},
		{8, "0-2", BIT(1) | BIT(2), "relay 0 does not exist"},
		{16, "1 11 111", BIT(1) | BIT(11), "relay 111 does not exist"},
		{16, "1-99999999999999999999", ALL_16, "relays 17-99999999 do not exist"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct relay_set set;

		if (parse(cases[i].text, cases[i].relay_count, &set) != 0 ||
		    set.relays != cases[i].relays || strcmp(set.left_out, cases[i].left_out) != 0)
			fail_msg("%s of %u: %llx, \"%s\"", cases[i].text, cases[i].relay_count,
				 (unsigned long long)set.relays, set.left_out);
	}
}

static void what_leaves_nothing_is_refused(void **state)
{
	static const struct {
		unsigned relay_count;
		const char *text;
		int error;
		const char *left_out;
	} cases[] = {
		{8, "", ENOENT, ""},
		{8, "0", ENOENT, "relay 0 does not exist"},
		{8, "9", ENOENT, "relay 9 does not exist"},
		{16, "17", ENOENT, "relay 17 does not exist"},
		{8, "90", ENOENT, "relay 9 does not exist; relay 0 does not exist"},
		{64, "65-70", ENOENT, "relays 65-70 do not exist"},
		{8, "\"\"", EINVAL, "\"\" is no relay, range (1-4) or \"all\""},
		{8, "front", EINVAL, "\"front\" is no relay, range (1-4) or \"all\""},
		{8, "1 front", EINVAL, "\"front\" is no relay, range (1-4) or \"all\""},
		{8, "4-1", EINVAL, "\"4-1\" is no relay, range (1-4) or \"all\""},
		{8, "-1", EINVAL, "\"-1\" is no relay, range (1-4) or \"all\""},
		{8, "1-", EINVAL, "\"1-\" is no relay, range (1-4) or \"all\""},
		{8, "1-2-3", EINVAL, "\"1-2-3\" is no relay, range (1-4) or \"all\""},
		{8, "1x", EINVAL, "\"1x\" is no relay, range (1-4) or \"all\""},
		{16, "1x", EINVAL, "\"1x\" is no relay, range (1-4) or \"all\""},
		{8, "1.5", EINVAL, "\"1.5\" is no relay, range (1-4) or \"all\""},
		{8, "+1", EINVAL, "\"+1\" is no relay, range (1-4) or \"all\""},
		{8, "1,,3", EINVAL, "\"\" is no relay, range (1-4) or \"all\""},
		{8, "1,", EINVAL, "\"\" is no relay, range (1-4) or \"all\""},
		{8, "al", EINVAL, "\"al\" is no relay, range (1-4) or \"all\""},
		{8, "alle", EINVAL, "\"alle\" is no relay, range (1-4) or \"all\""},
		{8, "\"1 3\"", EINVAL, "\"1 3\" is no relay, range (1-4) or \"all\""},
		{8, "1,\x1b[2J", EINVAL, "\"\\033[2J\" is no relay, range (1-4) or \"all\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct relay_set set;

		errno = 0;
		if (parse(cases[i].text, cases[i].relay_count, &set) != -1 ||
		    errno != cases[i].error || set.relays != 0 ||
		    strcmp(set.left_out, cases[i].left_out) != 0)
			fail_msg("<%s> of %u: %llx, %s, \"%s\"", cases[i].text,
				 cases[i].relay_count, (unsigned long long)set.relays,
				 strerror(errno), set.left_out);
	}
}

/* Remarks of two lengths, so that the room left at the end is of every size. */
static void many_remarks_end_with_and_more(void **state)
{
	static const char end[] = "does not exist; and more";

	(void)state;
	for (unsigned first = 90; first < 100; first++) {
		struct relay_set set;
		char text[512] = "1";
		size_t used = 1;

		for (unsigned relay = first; relay < first + 30; relay++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, ",%u", relay);
		assert_int_equal(parse(text, 64, &set), 0);
		assert_true(set.relays == BIT(1));
		assert_memory_equal(set.left_out, "relay 9", 7);
		assert_string_equal(set.left_out + strlen(set.left_out) - strlen(end), end);
	}
}

static void a_long_wrong_word_is_cut(void **state)
{
	struct relay_set set;
	char text[600];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(parse(text, 8, &set), -1);
	assert_int_equal(errno, EINVAL);
	assert_string_equal(set.left_out, "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" is no relay, "
					  "range (1-4) or \"all\"");
}

static void sets_are_written(void **state)
{
	static const struct {
		uint64_t relays;
		const char *text;
	} cases[] = {
		{0, ""},
		{BIT(1), "1"},
		{BIT(64), "64"},
		{BIT(1) | BIT(3), "1 3"},
		{BIT(1) | BIT(2), "1 2"},
		{BIT(1) | BIT(3) | 0xf0, "1 3 5-8"},
		{0x07, "1-3"},
		{UINT64_MAX, "1-64"},
		{UINT64_MAX & ~BIT(32), "1-31 33-64"},
		{BIT(62) | BIT(63) | BIT(64), "62-64"},
	};
	char text[RELAYS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(relay_set_format(cases[i].relays, text, sizeof(text)),
				    cases[i].text);
}

/* Two of every three relays: no set is longer. Also: what is written is read back. */
static void the_longest_set_fits_and_is_read_back(void **state)
{
	char text[RELAYS_TEXT_SIZE];
	char small[4];
	struct relay_set set;
	uint64_t relays = 0;

	(void)state;
	for (unsigned relay = 1; relay <= RELAYS_MAX; relay++)
		relays |= relay % 3 != 0 ? BIT(relay) : 0;
	assert_int_equal(parse(relay_set_format(relays, text, sizeof(text)), RELAYS_MAX, &set), 0);
	assert_true(set.relays == relays);
	assert_string_equal(relay_set_format(relays, small, sizeof(small)), "1 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relays_are_read),
		cmocka_unit_test(what_leaves_nothing_is_refused),
		cmocka_unit_test(many_remarks_end_with_and_more),
		cmocka_unit_test(a_long_wrong_word_is_cut),
		cmocka_unit_test(sets_are_written),
		cmocka_unit_test(the_longest_set_fits_and_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
