/*
 * Control lines: framing and words. The first byte of the input says how the rest is cut into
 * pieces; however that is, the same lines must come out.
 */

#include <errno.h>
#include <stdbool.h>
#include "fuzz.h"
#include "line_buffer.h"
#include "words.h"

/* What came out, in order: a number over all kinds and lines (FNV-1a), and how many. */
struct outcome {
	uint64_t hash;
	size_t count;
};

static void outcome_add(struct outcome *outcome, enum line_kind kind, const char *line)
{
	outcome->count++;
	outcome->hash = (outcome->hash ^ (uint64_t)kind) * UINT64_C(0x100000001b3);
	for (; kind == LINE_GOOD && *line != '\0'; line++)
		outcome->hash = (outcome->hash ^ (uint8_t)*line) * UINT64_C(0x100000001b3);
}

static void words_try(char *line)
{
	char *words[WORDS_MAX];
	size_t length = strlen(line);
	int count = 0;

	errno = 0;
	count = words_split(line, words, WORDS_MAX);
	MUST(count >= 0 || errno == EINVAL || errno == E2BIG);
	for (int i = 0; i < count; i++) {
		MUST(words[i] >= line && words[i] + strlen(words[i]) <= line + length);
		MUST(i == 0 || words[i] > words[i - 1] + strlen(words[i - 1]));
	}
}

static void lines_take(struct line_buffer *buffer, bool last, struct outcome *outcome)
{
	enum line_kind kind = LINE_NONE;
	char *line = NULL;

	while ((kind = last ? line_buffer_last(buffer, &line) : line_buffer_next(buffer, &line)) !=
	       LINE_NONE) {
		MUST(kind != LINE_GOOD || strlen(line) < LINE_MAX_BYTES);
		MUST(kind != LINE_GOOD || strchr(line, '\n') == NULL);
		outcome_add(outcome, kind, line);
		if (kind == LINE_GOOD)
			words_try(line);
	}
}

static struct outcome feed(const uint8_t *data, size_t size, size_t step)
{
	char *bytes = malloc(LINE_MAX_BYTES + 1); /* so that the sanitizer knows its end */
	struct line_buffer buffer;
	struct outcome outcome = {0};

	MUST(bytes != NULL);
	line_buffer_init(&buffer, bytes, LINE_MAX_BYTES + 1);
	while (size > 0) {
		size_t count = step < size ? step : size;
		size_t room = 0;
		char *space = line_buffer_space(&buffer, &room);

		MUST(room > 0 && space + room <= bytes + LINE_MAX_BYTES + 1);
		count = count < room ? count : room;
		memcpy(space, data, count);
		line_buffer_add(&buffer, count);
		data += count;
		size -= count;
		lines_take(&buffer, false, &outcome);
	}
	lines_take(&buffer, true, &outcome);
	MUST(!line_buffer_partial(&buffer));
	free(bytes);
	return outcome;
}

/* Lines by the plainest of counts: one an LF, and one that the stream's end ends. */
static size_t lines_count(const uint8_t *data, size_t size)
{
	size_t count = size > 0 && data[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		count += data[i] == '\n';
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole;
	struct outcome pieces;

	if (size == 0)
		return 0;
	whole = feed(data + 1, size - 1, SIZE_MAX);
	pieces = feed(data + 1, size - 1, (size_t)data[0] + 1);
	MUST(whole.hash == pieces.hash && whole.count == pieces.count);
	MUST(whole.count == lines_count(data + 1, size - 1));
	return 0;
}
