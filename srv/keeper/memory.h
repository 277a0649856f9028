#ifndef KEEPER_MEMORY_H
#define KEEPER_MEMORY_H

#include <stddef.h>
#include "schedule/runner.h"

/*
 * The runner's state on disk, schedule.state in state_dir: versioned text, written whole to a
 * file beside it, fsync, rename, fsync of the folder: after a power cut it is the old or the new.
 */

/*
 * Returns 0; 1 when nothing was remembered (no file: *state is runner_state_init's); or -1 when the
 * file was damaged or could not be read: *state is runner_state_init's, a damaged file was renamed
 * to schedule.state.damaged, and message (one line, for the log) says what and where.
 */
int memory_load(const char *state_dir, struct runner_state *, char *message, size_t size);

/*
 * Save a text of memory_text (memory_lines.h). Returns 0, or -1 with the system's errno: what stood
 * there before still stands. It waits for the disk, however long that takes.
 */
int memory_save(const char *state_dir, const char *text, size_t length);

#endif
