#ifndef KEEPER_WATERING_H
#define KEEPER_WATERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "keeper/interlock.h"
#include "schedule/runner.h"

/*
 * Runner and interlock together, the same for the keeper and the preview: what the profile asks
 * for goes to the interlock, what the interlock makes of it goes back to the runner. now_ns is
 * realtime, now_ms the interlock's clock.
 */

/* Something for the log and for `watch`; text is one clause, relay 0 for none. */
typedef void watering_tell(void *context, unsigned relay, const char *text);

/*
 * Step the runner and carry out its actions. Call before interlock_step of the same instant: a
 * relay whose time ends as its next run begins then stays closed. *wake_ns as in runner_step.
 * Returns 0, or -1 with errno ENOMEM.
 */
int watering_step(struct runner *, struct interlock *, int64_t now_ns, int64_t now_ms,
		  int64_t *wake_ns, watering_tell *, void *context);

/*
 * After interlock_step: tell the runner which of its runs wait, and which are over early. relays is
 * how many there are.
 */
void watering_settle(struct runner *, const struct interlock *, unsigned relays, int64_t now_ns,
		     int64_t now_ms);

#endif
