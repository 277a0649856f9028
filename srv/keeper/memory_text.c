/* Writing schedule.state. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "keeper/memory_lines.h"
#include "stamp.h"

#define NS_PER_S INT64_C(1000000000)

const struct memory_line memory_lines[MEMORY_LINES] = {
	[LINE_VERSION] = {.key = "sprinkled-schedule"},
	[LINE_ACTIVE] = {.key = "active"},
	[LINE_FILE_ACTIVE] = {.key = "file-active"},
	[LINE_RUNNING] = {.key = "running"},
	[LINE_PAUSED] = {.key = "paused"},
	[LINE_RAIN] = {.key = "rain-until"},
	[LINE_LEVEL] = {.key = "level"},
	[LINE_SKIPS] = {.key = "skips"},
	[LINE_RUN] = {.key = "run", .many = true},
	[LINE_MANUAL] = {.key = "manual", .many = true},
	[LINE_HORIZON] = {.key = "horizon"},
	[LINE_RAN] = {.key = "ran", .many = true},
};

static const char *time_text(int64_t time_s, char text[STAMP_SIZE])
{
	return time_s > 0 ? stamp_utc(time_s * NS_PER_S, text, STAMP_SIZE) : "-";
}

/* The writers. Each returns how many lines it wrote; stdio remembers errors. */

static unsigned version_write(FILE *out, const struct runner_state *state)
{
	(void)state; /* the version is the program's */
	(void)fprintf(out, "%s " MEMORY_VERSION "\n", memory_lines[LINE_VERSION].key);
	return 1;
}

static unsigned active_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "%s %s\n", memory_lines[LINE_ACTIVE].key, state->active);
	return 1;
}

static unsigned file_active_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "%s %s\n", memory_lines[LINE_FILE_ACTIVE].key, state->file_active);
	return 1;
}

static unsigned running_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "%s %s\n", memory_lines[LINE_RUNNING].key,
		      state->running ? "yes" : "no");
	return 1;
}

static unsigned paused_write(FILE *out, const struct runner_state *state)
{
	char until[STAMP_SIZE];

	(void)fprintf(out, "%s %s %s\n", memory_lines[LINE_PAUSED].key,
		      state->paused ? "yes" : "no", time_text(state->pause_until_s, until));
	return 1;
}

static unsigned rain_write(FILE *out, const struct runner_state *state)
{
	char until[STAMP_SIZE];

	(void)fprintf(out, "%s %s\n", memory_lines[LINE_RAIN].key,
		      time_text(state->rain_until_s, until));
	return 1;
}

static unsigned level_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "%s %d\n", memory_lines[LINE_LEVEL].key, state->level_percent);
	return 1;
}

static unsigned skips_write(FILE *out, const struct runner_state *state)
{
	(void)fprintf(out, "%s %" PRIx64 "\n", memory_lines[LINE_SKIPS].key, state->skips);
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
		(void)fprintf(out, "%s %u %s %s %s %" PRId64 "\n", memory_lines[LINE_RUN].key,
			      i + 1, time_text(relay->started_s, started),
			      time_text(relay->end_s, end), time_text(relay->until_s, until),
			      relay->planned_s);
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
		(void)fprintf(out, "%s %u %s %s %s\n", memory_lines[LINE_MANUAL].key, i + 1,
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

	(void)fprintf(out, "%s %s\n", memory_lines[LINE_HORIZON].key,
		      time_text(state->ran.horizon_civil_s, horizon));
	return 1;
}

static unsigned ledger_write(FILE *out, const struct runner_state *state)
{
	char first[STAMP_SIZE], last[STAMP_SIZE];

	for (unsigned i = 0; i < state->ran.count; i++) {
		const struct ledger_entry *entry = &state->ran.entry[i];

		(void)fprintf(out, "%s %08" PRIx32 " %" PRIu32 " %s %s\n",
			      memory_lines[LINE_RAN].key, entry->profile_key, entry->relay,
			      time_text(entry->first_civil_s, first),
			      time_text(entry->last_civil_s, last));
	}
	return state->ran.count;
}

typedef unsigned line_writer(FILE *, const struct runner_state *);

static line_writer *const writers[MEMORY_LINES] = {
	[LINE_VERSION] = version_write,
	[LINE_ACTIVE] = active_write,
	[LINE_FILE_ACTIVE] = file_active_write,
	[LINE_RUNNING] = running_write,
	[LINE_PAUSED] = paused_write,
	[LINE_RAIN] = rain_write,
	[LINE_LEVEL] = level_write,
	[LINE_SKIPS] = skips_write,
	[LINE_RUN] = runs_write,
	[LINE_MANUAL] = manuals_write,
	[LINE_HORIZON] = horizon_write,
	[LINE_RAN] = ledger_write,
};

char *memory_text(const struct runner_state *state, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);
	unsigned lines = 0;
	bool failed;

	if (!out)
		return NULL;
	for (size_t i = 0; i < MEMORY_LINES; i++)
		lines += writers[i](out, state);
	(void)fprintf(out, "end %u\n", lines);
	failed = ferror(out);
	if (fclose(out) == EOF || failed) {
		free(text);
		errno = ENOMEM; /* all that can go wrong in memory */
		return NULL;
	}
	return text;
}
