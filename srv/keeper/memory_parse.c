/* Reading schedule.state. Nothing is taken for granted: the file may hold anything. */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "keeper/memory_lines.h"
#include "schedule/schedule.h"
#include "stamp.h"
#include "words.h"

#define NS_PER_S   INT64_C(1000000000)
#define WORDS_MOST 6 /* on a line that is not a name */

/* A line being read: its words one after the other; good until one is wrong. */
struct words {
	char *word[WORDS_MOST];
	int count, next;
	bool good;
};

static void words_open(struct words *words, char *rest)
{
	*words = (struct words){0};
	words->count = words_split(rest, words->word, WORDS_MOST);
	words->good = words->count >= 0;
}

static const char *word_take(struct words *words)
{
	if (!words->good || words->next >= words->count) {
		words->good = false;
		return "";
	}
	return words->word[words->next++];
}

/* All were right, and none is left. */
static bool words_done(const struct words *words)
{
	return words->good && words->next == words->count;
}

static int64_t number_take(struct words *words, int64_t low, int64_t high)
{
	const char *error;
	int64_t number = strtonum(word_take(words), low, high, &error);

	if (error)
		words->good = false;
	return number;
}

static int64_t time_take(struct words *words)
{
	const char *text = word_take(words);
	int64_t time_ns = 0;

	if (strcmp(text, "-") != 0 && stamp_parse(text, &time_ns) == -1)
		words->good = false;
	return time_ns / NS_PER_S;
}

static unsigned relay_take(struct words *words)
{
	return (unsigned)number_take(words, 1, RELAYS_MAX);
}

/* The readers, of what stands behind the key. False: it is not as it was written. */

static bool version_read(char *rest, struct runner_state *state)
{
	(void)state; /* as above */
	return strcmp(rest, MEMORY_VERSION) == 0;
}

static bool active_read(char *rest, struct runner_state *state)
{
	return strlcpy(state->active, rest, sizeof(state->active)) < sizeof(state->active);
}

static bool file_active_read(char *rest, struct runner_state *state)
{
	return strlcpy(state->file_active, rest, sizeof(state->file_active)) <
	       sizeof(state->file_active);
}

static bool truth_take(struct words *words, const char *yes, const char *no)
{
	const char *text = word_take(words);

	if (strcmp(text, yes) != 0 && strcmp(text, no) != 0)
		words->good = false;
	return strcmp(text, yes) == 0;
}

static bool running_read(char *rest, struct runner_state *state)
{
	struct words words;

	words_open(&words, rest);
	state->running = truth_take(&words, "yes", "no");
	return words_done(&words);
}

static bool paused_read(char *rest, struct runner_state *state)
{
	struct words words;

	words_open(&words, rest);
	state->paused = truth_take(&words, "yes", "no");
	state->pause_until_s = time_take(&words);
	return words_done(&words);
}

static bool rain_read(char *rest, struct runner_state *state)
{
	struct words words;

	words_open(&words, rest);
	state->rain_until_s = time_take(&words);
	return words_done(&words);
}

static bool level_read(char *rest, struct runner_state *state)
{
	struct words words;

	words_open(&words, rest);
	state->level_percent = (int)number_take(&words, 0, LEVEL_MAX_PERCENT);
	return words_done(&words);
}

/* A whole word of hexadecimal digits. */
static uint64_t hex_take(struct words *words)
{
	const char *text = word_take(words);

	if (*text == '\0' || strlen(text) > 16 || strspn(text, "0123456789abcdef") != strlen(text))
		words->good = false;
	return words->good ? strtoull(text, NULL, 16) : 0;
}

static bool skips_read(char *rest, struct runner_state *state)
{
	struct words words;

	words_open(&words, rest);
	state->skips = hex_take(&words);
	return words_done(&words);
}

static bool runs_read(char *rest, struct runner_state *state)
{
	struct words words;
	unsigned number;
	struct runner_relay *relay;

	words_open(&words, rest);
	number = relay_take(&words);
	if (!words.good)
		return false;
	relay = &state->relay[number - 1];
	relay->started_s = time_take(&words);
	relay->end_s = time_take(&words);
	relay->until_s = time_take(&words);
	relay->planned_s = number_take(&words, 0, INT32_MAX);
	return words_done(&words);
}

static bool manuals_read(char *rest, struct runner_state *state)
{
	struct words words;
	unsigned number;
	struct runner_relay *relay, read = {0};

	words_open(&words, rest);
	number = relay_take(&words);
	if (!words.good)
		return false;
	read.manual_closed = truth_take(&words, "closed", "open");
	read.manual_from_s = time_take(&words);
	read.manual_until_s = time_take(&words);
	relay = &state->relay[number - 1];
	if (!read.manual_closed) {
		relay->manual_from_s = read.manual_from_s;
		relay->manual_until_s = read.manual_until_s;
	}
	return words_done(&words);
}

static bool horizon_read(char *rest, struct runner_state *state)
{
	struct words words;

	words_open(&words, rest);
	state->ran.horizon_civil_s = time_take(&words);
	return words_done(&words);
}

static bool ledger_read(char *rest, struct runner_state *state)
{
	struct ledger_entry entry;
	struct words words;
	uint64_t key;

	words_open(&words, rest);
	key = hex_take(&words);
	entry.profile_key = (uint32_t)key;
	entry.relay = relay_take(&words);
	entry.first_civil_s = time_take(&words);
	entry.last_civil_s = time_take(&words);
	if (!words_done(&words) || key > UINT32_MAX || entry.first_civil_s > entry.last_civil_s ||
	    state->ran.count == LEDGER_MAX)
		return false;
	ledger_add(&state->ran, &entry); /* which puts it in order */
	return true;
}

typedef bool line_reader(char *rest, struct runner_state *);

static line_reader *const readers[MEMORY_LINES] = {
	[LINE_VERSION] = version_read,
	[LINE_ACTIVE] = active_read,
	[LINE_FILE_ACTIVE] = file_active_read,
	[LINE_RUNNING] = running_read,
	[LINE_PAUSED] = paused_read,
	[LINE_RAIN] = rain_read,
	[LINE_LEVEL] = level_read,
	[LINE_SKIPS] = skips_read,
	[LINE_RUN] = runs_read,
	[LINE_MANUAL] = manuals_read,
	[LINE_HORIZON] = horizon_read,
	[LINE_RAN] = ledger_read,
};

/* One line, its end cut off; seen counts the lines of each kind. */
static bool line_read(char *line, unsigned seen[], struct runner_state *state)
{
	const char *key = strsep(&line, " ");

	for (size_t i = 0; i < MEMORY_LINES; i++)
		if (strcmp(memory_lines[i].key, key) == 0)
			return line && (++seen[i] == 1 || memory_lines[i].many) &&
			       readers[i](line, state);
	return false;
}

/* The last line: it counts the others, of which none is missing. */
static bool end_read(const char *line, unsigned lines, const unsigned seen[])
{
	char expected[32];

	for (size_t i = 0; i < MEMORY_LINES; i++)
		if (!memory_lines[i].many && seen[i] != 1)
			return false;
	(void)snprintf(expected, sizeof(expected), "end %u", lines); /* fits */
	return strcmp(line, expected) == 0;
}

unsigned memory_parse(char *text, size_t length, struct runner_state *state)
{
	unsigned seen[MEMORY_LINES] = {0};
	unsigned lines = 0;

	runner_state_init(state);
	for (char *line = text, *next; (next = memchr(line, '\n', length)) != NULL; line = next) {
		*next++ = '\0';
		length -= (size_t)(next - line);
		if (length == 0)
			return end_read(line, lines, seen) ? 0 : lines + 1;
		if (strlen(line) != (size_t)(next - line) - 1 || !line_read(line, seen, state))
			return lines + 1;
		lines++;
	}
	return lines + 1; /* the last line has no end */
}
