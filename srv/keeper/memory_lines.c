/* The lines of schedule.state: each kind has a row in the table, with its writer and its reader. */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "keeper/memory_lines.h"
#include "relay_set.h"
#include "schedule/schedule.h"
#include "stamp.h"
#include "words.h"

#define NS_PER_S   INT64_C(1000000000)
#define VERSION	   "1"
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

static const char *time_text(int64_t time_s, char text[STAMP_SIZE])
{
	return time_s > 0 ? stamp_utc(time_s * NS_PER_S, text, STAMP_SIZE) : "-";
}

static unsigned relay_take(struct words *words)
{
	return (unsigned)number_take(words, 1, RELAYS_MAX);
}

/* The writers. Each returns how many lines it wrote; stdio remembers errors. */

static unsigned version_write(FILE *out, const struct runner_state *state)
{
	(void)state; /* the version is the program's */
	(void)fprintf(out, "sprinkled-schedule " VERSION "\n");
	return 1;
}

static unsigned active_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "active %s\n", state->active);
	return 1;
}

static unsigned file_active_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "file-active %s\n", state->file_active);
	return 1;
}

static unsigned running_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "running %s\n", state->running ? "yes" : "no");
	return 1;
}

static unsigned paused_write(FILE *out, const struct runner_state *state)
{
	char until[STAMP_SIZE];

	(void)fprintf(out, "paused %s %s\n", state->paused ? "yes" : "no",
		      time_text(state->pause_until_s, until));
	return 1;
}

static unsigned rain_write(FILE *out, const struct runner_state *state)
{
	char until[STAMP_SIZE];

	(void)fprintf(out, "rain-until %s\n", time_text(state->rain_until_s, until));
	return 1;
}

static unsigned level_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "level %d\n", state->level_percent);
	return 1;
}

static unsigned skips_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "skips %" PRIx64 "\n", state->skips);
	return 1;
}

static unsigned runs_write(FILE *out, const struct runner_state *state)
{
	char started[STAMP_SIZE], end[STAMP_SIZE], until[STAMP_SIZE];
	unsigned lines = 0;

	for (unsigned i = 0; i < RELAYS_MAX; i++) {
		const struct runner_relay *relay = &state->relay[i];

		if (relay->started_s == 0)
			continue;
		(void)fprintf(out, "run %u %s %s %s %" PRId64 "\n", i + 1,
			      time_text(relay->started_s, started), time_text(relay->end_s, end),
			      time_text(relay->until_s, until), relay->planned_s);
		lines++;
	}
	return lines;
}

static unsigned manuals_write(FILE *out, const struct runner_state *state)
{
	char from[STAMP_SIZE], until[STAMP_SIZE];
	unsigned lines = 0;

	for (unsigned i = 0; i < RELAYS_MAX; i++) {
		const struct runner_relay *relay = &state->relay[i];

		if (relay->manual_until_s == 0)
			continue;
		(void)fprintf(out, "manual %u %s %s %s\n", i + 1,
			      relay->manual_closed ? "closed" : "open",
			      time_text(relay->manual_from_s, from),
			      time_text(relay->manual_until_s, until));
		lines++;
	}
	return lines;
}

static unsigned horizon_write(FILE *out, const struct runner_state *state)
{
	char horizon[STAMP_SIZE];

	(void)fprintf(out, "horizon %s\n", time_text(state->ran.horizon_civil_s, horizon));
	return 1;
}

static unsigned ledger_write(FILE *out, const struct runner_state *state)
{
	char first[STAMP_SIZE], last[STAMP_SIZE];

	for (unsigned i = 0; i < state->ran.count; i++) {
		const struct ledger_entry *entry = &state->ran.entry[i];

		(void)fprintf(out, "ran %08" PRIx32 " %" PRIu32 " %s %s\n", entry->profile_key,
			      entry->relay, time_text(entry->first_civil_s, first),
			      time_text(entry->last_civil_s, last));
	}
	return state->ran.count;
}

/* The readers, of what stands behind the key. False: it is not as it was written. */

static bool version_read(char *rest, struct runner_state *state)
{
	(void)state; /* as above */
	return strcmp(rest, VERSION) == 0;
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

static const struct kind {
	const char *key;
	bool many; /* any number of lines; else exactly one */
	unsigned (*write)(FILE *, const struct runner_state *);
	bool (*read)(char *rest, struct runner_state *);
} kinds[] = {
	{.key = "sprinkled-schedule", .write = version_write, .read = version_read},
	{.key = "active", .write = active_write, .read = active_read},
	{.key = "file-active", .write = file_active_write, .read = file_active_read},
	{.key = "running", .write = running_write, .read = running_read},
	{.key = "paused", .write = paused_write, .read = paused_read},
	{.key = "rain-until", .write = rain_write, .read = rain_read},
	{.key = "level", .write = level_write, .read = level_read},
	{.key = "skips", .write = skips_write, .read = skips_read},
	{.key = "run", .many = true, .write = runs_write, .read = runs_read},
	{.key = "manual", .many = true, .write = manuals_write, .read = manuals_read},
	{.key = "horizon", .write = horizon_write, .read = horizon_read},
	{.key = "ran", .many = true, .write = ledger_write, .read = ledger_read},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

char *memory_text(const struct runner_state *state, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);
	unsigned lines = 0;
	bool failed;

	if (!out)
		return NULL;
	for (size_t i = 0; i < KINDS; i++)
		lines += kinds[i].write(out, state);
	(void)fprintf(out, "end %u\n", lines);
	failed = ferror(out);
	if (fclose(out) == EOF || failed) {
		free(text);
		errno = ENOMEM; /* all that can go wrong in memory */
		return NULL;
	}
	return text;
}

/* One line, its end cut off; seen counts the lines of each kind. */
static bool line_read(char *line, unsigned seen[], struct runner_state *state)
{
	const char *key = strsep(&line, " ");

	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].key, key) == 0)
			return line && (++seen[i] == 1 || kinds[i].many) &&
			       kinds[i].read(line, state);
	return false;
}

/* The last line: it counts the others, of which none is missing. */
static bool end_read(const char *line, unsigned lines, const unsigned seen[])
{
	char expected[32];

	for (size_t i = 0; i < KINDS; i++)
		if (!kinds[i].many && seen[i] != 1)
			return false;
	(void)snprintf(expected, sizeof(expected), "end %u", lines); /* fits */
	return strcmp(line, expected) == 0;
}

unsigned memory_parse(char *text, size_t length, struct runner_state *state)
{
	unsigned seen[KINDS] = {0};
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
