#ifndef SCHEDULE_RUNNER_H
#define SCHEDULE_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "relay_set.h"
#include "schedule/ledger.h"
#include "schedule/profiles.h"

/*
 * The runner: which relays the active profile wants closed now, and when to look again. A state
 * machine of (time, profiles, orders); it reads no clock and touches nothing. Orders change the
 * state; what follows from them comes out of the next runner_step, so call that after each.
 * Invariant: an occurrence is asked for at most once, whatever the clock does, since a run is in
 * the ledger before its relay is asked for.
 */

/* Times are realtime, seconds since the epoch; 0 none. Plain values: to be saved and published. */
struct runner_state {
	char active[PROFILE_NAME_SIZE];	     /* name of the active profile; "" none */
	char file_active[PROFILE_NAME_SIZE]; /* what the file called active when that was chosen */
	bool running;
	bool paused;
	int64_t pause_until_s; /* while paused; 0 until resumed */
	int64_t rain_until_s;
	int level_percent;
	uint64_t skips; /* relays whose next run is left out, bit 0 is relay 1 */
	struct runner_relay {
		int64_t started_s;     /* the run under way; 0 none */
		int64_t end_s;	       /* its end by the schedule */
		int64_t until_s;       /* its end as it will be, after waiting for its turn */
		int64_t planned_s;     /* its length, or what was left when it was interrupted */
		int64_t manual_from_s; /* a person's order holds until manual_until_s */
		int64_t manual_until_s;
		bool manual_closed; /* src; else sro */
	} relay[RELAYS_MAX];	    /* index 0 is relay 1 */
	struct ledger ran;
};

/* Nothing remembered: level 100 %, not running, no active profile. */
void runner_state_init(struct runner_state *);

struct runner;

struct runner_policy {
	bool resume_rest; /* begun or resumed inside a window: the rest of it runs, or not */
	bool autostart; /* run from the start on what was running, or what the file calls active */
};

/*
 * A runner over profiles (borrowed until the next runner_reload or the end). remembered is what a
 * runner before it left, or NULL for nothing. NULL with errno ENOMEM.
 */
struct runner *runner_create(const struct profile_set *, const struct runner_policy *,
			     const struct runner_state *remembered);
void runner_destroy(struct runner *); /* NULL is harmless */

const struct runner_state *runner_state(const struct runner *);

/* True once after a change that is to be saved (and published). */
bool runner_changed(struct runner *);

/* New profiles: runs under way go on unless the active profile is another one now, or gone. */
void runner_reload(struct runner *, const struct profile_set *);
void runner_policy_set(struct runner *, const struct runner_policy *);

/* The index of the active profile, or -1. */
int runner_active(const struct runner *);

/*
 * Orders. Each returns 0, or -1 with errno, and has then changed nothing.
 *   activate: EBUSY a profile runs, EINVAL no such index
 *   start: ENOENT no profile is active, EALREADY it runs
 *   stop, pause, resume: EALREADY it is so; pause_span_s 0 is until resumed
 *   level: ERANGE not 0 to LEVEL_MAX_PERCENT
 *   skip: ENOENT no profile is active
 */
int runner_activate(struct runner *, unsigned profile);
int runner_start(struct runner *);
int runner_stop(struct runner *);
int runner_pause(struct runner *, int64_t now_ns, int64_t pause_span_s);
int runner_resume(struct runner *);
void runner_rain_delay(struct runner *, int64_t now_ns, int64_t delay_s); /* 0 ends it */
int runner_level(struct runner *, int percent);
int runner_skip(struct runner *, uint64_t relays);

/*
 * A person closed the relay (for length_s) or opened it: the profile leaves it alone until
 * length_s are over, or for an opening until the run that is under way would have ended.
 */
void runner_manual(struct runner *, int64_t now_ns, unsigned relay, bool closed, int64_t length_s);

/*
 * What became of a run that runner_step asked for: it will end at until_ns (it waits for its turn),
 * or it is over before its time (cut off by max_on, an alarm, a refusal).
 */
void runner_expect(struct runner *, unsigned relay, int64_t until_ns);
void runner_over(struct runner *, unsigned relay);

enum runner_act {
	RUNNER_CLOSE,	    /* ask for the relay to close for length_ms */
	RUNNER_EXTEND,	    /* it is closed or waiting already: length_ms more than it has left */
	RUNNER_OPEN,	    /* the profile wants it no longer */
	RUNNER_SKIPPED,	    /* left out by order: for the log */
	RUNNER_NOT_RESUMED, /* its window had begun and the policy is to leave it out: for the log
			     */
	RUNNER_MISSED,	    /* the clock jumped past it: for the log */
};

struct runner_action {
	enum runner_act act;
	unsigned relay;	 /* from 1 */
	int64_t start_s; /* of the run, by the schedule */
	int64_t end_s;
	int64_t length_ms; /* CLOSE, EXTEND */
	int64_t planned_s; /* CLOSE, EXTEND: the length in whole seconds */
	unsigned missed;   /* MISSED: how many runs; start_s is the first one's */
};

struct runner_step {
	unsigned count;
	struct runner_action action[6 * RELAYS_MAX];
	int64_t wake_ns; /* realtime at which to step again though nothing happens; -1 never */
};

/*
 * What to do at now_ns (realtime). Calling it late, early or twice is harmless; call it at once
 * when the clock was set. Returns 0, or -1 with errno ENOMEM (try again; nothing was lost).
 */
int runner_step(struct runner *, int64_t now_ns, struct runner_step *);

#endif
