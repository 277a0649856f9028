/*
 * Legacy messages: framing and words, up to the command. The first byte says how much arrives at a
 * time; of each arrival the messages must be its lines, and nothing goes from one to the next.
 */

#include <errno.h>
#include "fuzz.h"
#include "peer.h"
#include "session/arrival.h"
#include "session/command.h"
#include "session/legacy_words.h"
#include "words.h"

/* Lines by the plainest of counts: one an LF, and one that the arrival's end ends. */
static size_t lines_count(const uint8_t *data, size_t size)
{
	size_t count = size > 0 && data[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		count += data[i] == '\n';
	return count;
}

static void address_try(const char *text)
{
	char address[PEER_TEXT_SIZE], tuple[LEGACY_ADDRESS_SIZE];
	size_t length = 0;

	for (; text[length] != '\0' && length < sizeof(address) - 1; length++)
		address[length] = text[length];
	address[length] = '\0';
	MUST(legacy_address(address, tuple, sizeof(tuple)) == tuple);
	MUST(strncmp(tuple, "('", 2) == 0 && strlen(tuple) < sizeof(tuple));
}

/* As command_dispatch does, but for running it. */
static void message_try(char *text)
{
	const struct command *command = NULL;
	char *words[WORDS_MAX];
	int count = 0;

	MUST(strlen(text) <= ARRIVAL_MAX && strpbrk(text, "\n") == NULL);
	address_try(text);
	errno = 0;
	count = words_split(text, words, WORDS_MAX);
	MUST(count >= 0 || errno == EINVAL || errno == E2BIG);
	command = count > 0 ? command_find(words[0]) : NULL;
	if (command)
		(void)legacy_wording.objection(command); /* any answer is right, a crash is not */
}

static void arrival_try(const uint8_t *data, size_t size)
{
	struct arrival *arrival = malloc(sizeof(*arrival)); /* the sanitizer knows its end */
	enum line_kind kind = LINE_NONE;
	char *text = NULL;
	size_t messages = 0;

	MUST(arrival != NULL);
	memcpy(arrival->bytes, data, size);
	arrival_take(arrival, size);
	while ((kind = arrival_next(arrival, &text)) != LINE_NONE) {
		MUST(kind != LINE_TOO_LONG);
		messages++;
		if (kind == LINE_GOOD)
			message_try(text);
	}
	MUST(messages == lines_count(data, size));
	free(arrival);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t step = size > 0 ? ((size_t)data[0] + 1) * 4 : 0;

	for (size_t at = 1; at < size; at += step)
		arrival_try(data + at, size - at < step ? size - at : step);
	return 0;
}
