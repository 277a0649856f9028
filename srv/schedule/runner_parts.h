#ifndef SCHEDULE_RUNNER_PARTS_H
#define SCHEDULE_RUNNER_PARTS_H

#include "schedule/runner.h"
#include "schedule/schedule.h"

/* Inside of the runner: runner.c has its orders, runner_step.c its steps. Private to this folder.
 */

#define NS_PER_S INT64_C(1000000000)

/* The runs of the coming days that are not in the ledger, in order of start. */
struct plan {
	bool valid;   /* false: something it was made from is another now */
	int64_t to_s; /* runs that begin from here on are not in it */
	struct scheduled_run *runs;
	size_t count, next; /* those before next were looked at */
};

struct runner {
	const struct profile_set *set;
	struct runner_policy policy;
	struct runner_state state;
	int active; /* index in set, or -1 */
	bool changed;
	uint64_t asked; /* relays closed or waiting for the profile, bit 0 is relay 1 */
	int64_t seen_s; /* time of the last step */
	struct plan plan;
};

static inline uint64_t relay_bit(unsigned relay)
{
	return UINT64_C(1) << (relay - 1);
}

/* No run is under way for this relay. */
void runner_relay_clear(struct runner_relay *);

/* The profile holds the relay no longer; of its run under way the rest is left. */
void runner_relay_release(struct runner *, unsigned relay, int64_t now_s);

#endif
