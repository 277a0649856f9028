/* shared/line_buffer.h: bytes in, lines out, however the bytes are split. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "line_buffer.h"

#define SMALL 9 /* the longest line is 8 bytes, its end included */

/* What came out of a stream: good lines in <>, other kinds as a letter, one after the other. */
struct outcome {
	char text[8192];
	size_t used;
};

static void outcome_add(struct outcome *outcome, enum line_kind kind, const char *line)
{
	static const char letters[] = {
		[LINE_TOO_LONG] = 'L', [LINE_NUL] = '0', [LINE_NOT_UTF8] = 'U'};
	char *end = outcome->text + outcome->used;
	size_t room = sizeof(outcome->text) - outcome->used;

	if (kind == LINE_GOOD)
		outcome->used += (size_t)snprintf(end, room, "<%s>", line);
	else
		outcome->used += (size_t)snprintf(end, room, "%c", letters[kind]);
	assert_true(outcome->used < sizeof(outcome->text));
}

/* Feed a piece as a caller does: as much as there is room for, then take all lines. */
static void feed(struct line_buffer *buffer, const char *piece, size_t length,
		 struct outcome *outcome)
{
	enum line_kind kind = LINE_NONE;
	char *line = NULL;

	while (length > 0) {
		size_t room = 0;
		char *space = line_buffer_space(buffer, &room);
		size_t count = length < room ? length : room;

		assert_true(room > 0);
		memcpy(space, piece, count);
		line_buffer_add(buffer, count);
		piece += count;
		length -= count;
		while ((kind = line_buffer_next(buffer, &line)) != LINE_NONE)
			outcome_add(outcome, kind, line);
	}
}

static void finish(struct line_buffer *buffer, struct outcome *outcome)
{
	enum line_kind kind = LINE_NONE;
	char *line = NULL;

	while ((kind = line_buffer_last(buffer, &line)) != LINE_NONE)
		outcome_add(outcome, kind, line);
	assert_false(line_buffer_partial(buffer));
}

static const struct {
	const char *stream;
	size_t length; /* 0: strlen */
	const char *outcome;
} cases[] = {
	{"", 0, ""},
	{"\n", 0, "<>"},
	{"\r\n", 0, "<>"},
	{"grs\n", 0, "<grs>"},
	{"grs\r\n", 0, "<grs>"},
	{"grs\r\r\n", 0, "<grs\r>"},
	{"g\rs\n", 0, "<g\rs>"},
	{"grs", 0, "<grs>"},
	{"grs\r", 0, "<grs>"},
	{"a\nb\nc", 0, "<a><b><c>"},
	{"a\r\nb\n\nc\r\n", 0, "<a><b><><c>"},
	{"1234567\n", 0, "<1234567>"},
	{"123456\r\n", 0, "<123456>"},
	{"1234567", 0, "<1234567>"},
	{"12345678\n", 0, "L"},
	{"1234567\r\n", 0, "L"},
	{"12345678", 0, "L"},
	{"12345678\nok\n", 0, "L<ok>"},
	{"12345678901234567890123\nok\n", 0, "L<ok>"},
	{"12345678901234567890123\r\nok\n", 0, "L<ok>"},
	{"123456789\n123456789\nok", 0, "LL<ok>"},
	{"a\n12345678901234567", 0, "<a>L"},
	{"12345678901234567\n", 0, "L"},
	{"a\0b\nok\n", 7, "0<ok>"},
	{"\0\nok\n", 5, "0<ok>"},
	{"a\0\nok\n", 6, "0<ok>"},
	{"a\0", 2, "0"},
	{"a\0\r\n", 4, "0"},
	{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\nok\n", 0, "L<ok>"},
	{"\xc3\xa4\xe2\x82\xac\n", 0, "<\xc3\xa4\xe2\x82\xac>"},
	{"\xf0\x9f\x92\xa7\n", 0, "<\xf0\x9f\x92\xa7>"},
	{"\xf4\x8f\xbf\xbf\n", 0, "<\xf4\x8f\xbf\xbf>"}, /* U+10FFFF */
	{"\xf4\x90\x80\x80\nok\n", 0, "U<ok>"},		 /* U+110000 */
	{"\xed\xa0\x80\nok\n", 0, "U<ok>"},		 /* a surrogate */
	{"\xc0\x80\nok\n", 0, "U<ok>"},			 /* overlong NUL */
	{"\xe0\x80\xaf\nok\n", 0, "U<ok>"},		 /* overlong slash */
	{"\xff\nok\n", 0, "U<ok>"},
	{"\x80\nok\n", 0, "U<ok>"},
	{"a\xe2\x82\nok\n", 0, "U<ok>"}, /* cut short by the end */
	{"a\xe2\x82", 0, "U"},
	{"\xff\0\nok\n", 6, "0<ok>"},
	{"\t\x1b\x7f\n", 0, "<\t\x1b\x7f>"},
};

static size_t length_of(size_t i)
{
	return cases[i].length > 0 ? cases[i].length : strlen(cases[i].stream);
}

static void check(size_t i, const struct outcome *outcome, const char *how)
{
	if (strcmp(outcome->text, cases[i].outcome) != 0)
		fail_msg("case %zu, %s: %s, not %s", i, how, outcome->text, cases[i].outcome);
}

/* Every stream, in pieces of so many bytes. */
static void check_all(size_t piece, const char *how)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[SMALL];
		struct line_buffer buffer;
		struct outcome outcome = {0};

		line_buffer_init(&buffer, bytes, sizeof(bytes));
		for (size_t fed = 0; fed < length_of(i); fed += piece) {
			size_t left = length_of(i) - fed;

			feed(&buffer, cases[i].stream + fed, left < piece ? left : piece, &outcome);
		}
		finish(&buffer, &outcome);
		check(i, &outcome, how);
	}
}

static void lines_come_out_whole(void **state)
{
	(void)state;
	check_all(SIZE_MAX / 2, "in one");
}

static void lines_come_out_whole_byte_by_byte(void **state)
{
	(void)state;
	check_all(1, "byte by byte");
}

/* Every way to cut a stream into three pieces. */
static void lines_come_out_whole_in_all_splits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = length_of(i);

		for (size_t a = 0; a <= length; a++) {
			for (size_t b = a; b <= length; b++) {
				char bytes[SMALL];
				struct line_buffer buffer;
				struct outcome outcome = {0};

				line_buffer_init(&buffer, bytes, sizeof(bytes));
				feed(&buffer, cases[i].stream, a, &outcome);
				feed(&buffer, cases[i].stream + a, b - a, &outcome);
				feed(&buffer, cases[i].stream + b, length - b, &outcome);
				finish(&buffer, &outcome);
				check(i, &outcome, "in three");
			}
		}
	}
}

static void the_limit_of_the_server_is_1024_bytes_with_the_end(void **state)
{
	char bytes[LINE_MAX_BYTES + 1];
	char stream[LINE_MAX_BYTES * 2];
	struct line_buffer buffer;
	struct outcome outcome = {0};

	(void)state;
	memset(stream, 'x', sizeof(stream));
	line_buffer_init(&buffer, bytes, sizeof(bytes));
	stream[LINE_MAX_BYTES - 1] = '\n';
	feed(&buffer, stream, LINE_MAX_BYTES, &outcome);
	assert_int_equal(outcome.used, LINE_MAX_BYTES - 1 + strlen("<>"));
	outcome = (struct outcome){0};
	stream[LINE_MAX_BYTES - 1] = 'x';
	stream[LINE_MAX_BYTES] = '\n';
	feed(&buffer, stream, LINE_MAX_BYTES + 1, &outcome);
	assert_string_equal(outcome.text, "L");
}

static void a_line_stays_valid_while_others_are_taken(void **state)
{
	char bytes[SMALL];
	struct line_buffer buffer;
	size_t room = 0;
	char *first = NULL;
	char *second = NULL;

	(void)state;
	line_buffer_init(&buffer, bytes, sizeof(bytes));
	memcpy(line_buffer_space(&buffer, &room), "ab\ncd\nef", 8);
	line_buffer_add(&buffer, 8);
	assert_int_equal(line_buffer_next(&buffer, &first), LINE_GOOD);
	assert_int_equal(line_buffer_next(&buffer, &second), LINE_GOOD);
	assert_string_equal(first, "ab");
	assert_string_equal(second, "cd");
}

static void partial_tells_of_a_begun_line(void **state)
{
	static const struct {
		const char *stream;
		bool partial;
	} begun[] = {
		{"", false},
		{"a", true},
		{"a\n", false},
		{"a\nb", true},
		{"12345678", true},
		{"1234567890\n", false},
		{"123456789012345", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++) {
		char bytes[SMALL];
		struct line_buffer buffer;
		struct outcome outcome = {0};

		line_buffer_init(&buffer, bytes, sizeof(bytes));
		feed(&buffer, begun[i].stream, strlen(begun[i].stream), &outcome);
		assert_int_equal(line_buffer_partial(&buffer), begun[i].partial);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_out_whole),
		cmocka_unit_test(lines_come_out_whole_byte_by_byte),
		cmocka_unit_test(lines_come_out_whole_in_all_splits),
		cmocka_unit_test(the_limit_of_the_server_is_1024_bytes_with_the_end),
		cmocka_unit_test(a_line_stays_valid_while_others_are_taken),
		cmocka_unit_test(partial_tells_of_a_begun_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
