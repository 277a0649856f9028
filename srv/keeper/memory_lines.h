#ifndef KEEPER_MEMORY_LINES_H
#define KEEPER_MEMORY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include "schedule/runner.h"

/*
 * The text of schedule.state, without a file. A line a fact: a key, and what belongs to it. Times
 * are stamps in UTC, "-" for none; civil times are written as if they were UTC. The last line
 * counts the others, so that a cut file is seen.
 */

#define MEMORY_VERSION "1"

enum memory_line_kind {
	LINE_VERSION,
	LINE_ACTIVE,
	LINE_FILE_ACTIVE,
	LINE_RUNNING,
	LINE_PAUSED,
	LINE_RAIN,
	LINE_LEVEL,
	LINE_SKIPS,
	LINE_RUN,
	LINE_MANUAL,
	LINE_HORIZON,
	LINE_RAN,
	MEMORY_LINES
};

/* In the order they are written. */
extern const struct memory_line {
	const char *key;
	bool many; /* any number of lines; else exactly one */
} memory_lines[MEMORY_LINES];

/* The caller's to free, with its length without the NUL; NULL with errno ENOMEM. */
char *memory_text(const struct runner_state *, size_t *length);

/*
 * Read what memory_text wrote; text has a NUL at length and is changed. Returns 0, or the number of
 * the first line that is wrong (*state is then half filled). Manual closings are left out: they
 * ended with their keeper.
 */
unsigned memory_parse(char *text, size_t length, struct runner_state *);

#endif
