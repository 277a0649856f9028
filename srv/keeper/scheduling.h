#ifndef KEEPER_SCHEDULING_H
#define KEEPER_SCHEDULING_H

#include <stdbool.h>
#include <stdint.h>
#include "keeper/keeper.h"

/* The active profile in the keeper: its runner on the real clock, its memory on disk. */

/*
 * Read profiles and memory, create the runner, publish both, make the saver. 0, or -1 with errno:
 * ENOMEM, or saver_create's.
 */
int scheduling_begin(struct keeper *);

/* Save what is to be saved, wait for the disk, but not for long, and let go of all that. */
void scheduling_end(struct keeper *);

/*
 * The time as the runner is told it: realtime, a millisecond late. It counts in nanoseconds what
 * the interlock counts in whole milliseconds of another clock; late, no window ends before its
 * second.
 */
int64_t scheduling_now_ns(void);

/*
 * Step the runner; call before water_advance. Returns realtime nanoseconds at which it wants to be
 * called again, -1 never.
 */
int64_t scheduling_step(struct keeper *);

/* After water_advance: what became of its runs; publish what changed, to be saved at save_ms. */
void scheduling_settle(struct keeper *);

/*
 * Have the runner's state written to disk now, without waiting for it; what fails is tried again at
 * the pace of the read-back.
 */
void scheduling_save(struct keeper *);

/* The saver's descriptor is readable: hear what came of it. */
void scheduling_saved(struct keeper *);

/* Whether the disk can still be waited for to take what was saved last. */
bool scheduling_is_saving(const struct keeper *);

/* It was waited for long enough: say so, and wait no more until it has taken everything. */
void scheduling_save_late(struct keeper *);

/*
 * Read the profiles file again. 0, or -1 with a sentence in why: the old profiles stay.
 */
int scheduling_reload(struct keeper *, char *why, size_t size);

/* The requests about profiles: activate, start, stop, pause, …; as order_run. */
void scheduling_order(struct keeper *, const struct request *, struct answer *);

#endif
