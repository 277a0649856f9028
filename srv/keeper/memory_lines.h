#ifndef KEEPER_MEMORY_LINES_H
#define KEEPER_MEMORY_LINES_H

#include <stddef.h>
#include "schedule/runner.h"

/* The text of schedule.state, without a file: for memory.c and the tests. */

/* The caller's to free, with its length without the NUL; NULL with errno ENOMEM. */
char *memory_text(const struct runner_state *, size_t *length);

/*
 * Read what memory_text wrote; text has a NUL at length and is changed. Returns 0, or the number of
 * the first line that is wrong (*state is then half filled). Manual closings are left out: they
 * ended with their keeper.
 */
unsigned memory_parse(char *text, size_t length, struct runner_state *);

#endif
