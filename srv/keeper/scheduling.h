#ifndef KEEPER_SCHEDULING_H
#define KEEPER_SCHEDULING_H

#include <stdint.h>
#include "keeper/keeper.h"

/* The active profile in the keeper: its runner on the real clock, its memory on disk. */

/* Read profiles and memory, create the runner, publish both. 0, or -1 with errno ENOMEM. */
int scheduling_begin(struct keeper *);

/*
 * Step the runner; call before water_advance. Returns realtime nanoseconds at which it wants to be
 * called again, -1 never.
 */
int64_t scheduling_step(struct keeper *);

/* After water_advance: what became of its runs; publish what changed, to be saved at save_ms. */
void scheduling_settle(struct keeper *);

/* Write the runner's state to disk now; what fails is tried again at the pace of the read-back. */
void scheduling_save(struct keeper *);

/*
 * Read the profiles file again. 0, or -1 with a sentence in why: the old profiles stay.
 */
int scheduling_reload(struct keeper *, char *why, size_t size);

/* The requests about profiles: activate, start, stop, pause, …; as order_run. */
void scheduling_order(struct keeper *, const struct request *, struct answer *);

#endif
