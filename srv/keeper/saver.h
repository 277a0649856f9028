#ifndef KEEPER_SAVER_H
#define KEEPER_SAVER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The writer of schedule.state: a thread that waits for the disk, so that the keeper's loop, which
 * has water to shut off, never does. All calls are the loop's.
 */
struct saver;

/* For the file in state_dir, which is copied. NULL with errno. All signals are blocked in it. */
struct saver *saver_create(const char *state_dir);

/* Readable when there is a result; it belongs to the saver. */
int saver_descriptor(const struct saver *);

/*
 * Have a text of memory_text written, and take it over. It replaces one that still waits for its
 * turn: only the newest counts. 0, or -1 with errno ENOMEM: the text is freed.
 */
int saver_put(struct saver *, char *text, size_t length);

/* Whether the result of the newest text is still to come. */
bool saver_busy(const struct saver *);

/*
 * What became of the newest text that was tried: true, and *error is 0 when it is on disk, else
 * the errno of memory_save; false when nothing new has been tried.
 */
bool saver_result(struct saver *, int *error);

/* End the thread. One that is busy, perhaps for ever, is left to end with the process. */
void saver_destroy(struct saver *);

#endif
