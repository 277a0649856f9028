#ifndef SCHEDULE_FORECAST_H
#define SCHEDULE_FORECAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "schedule/runner.h"

/*
 * What a runner of that state will switch if nobody interferes: the runner itself on a virtual
 * clock, with relays that close when they are asked to (power and groups may delay them a little).
 */

struct switching {
	int64_t at_s; /* realtime, seconds */
	unsigned relay;
	bool closed;
	int64_t planned_s; /* closed: for how long */
};

/*
 * The switchings after now_s up to until_s, at most max of them, in order of time, then relay;
 * none when no profile runs. Returns how many, or -1 with errno ENOMEM.
 */
int forecast_switchings(const struct profile_set *, const struct runner_state *,
			const struct runner_policy *, int64_t now_s, int64_t until_s,
			struct switching *switchings, size_t max);

/* One relay of the active profile, for `gps`. */
struct outlook {
	bool in_profile; /* the active profile has a program for it */
	bool today;	 /* its days and season match today's date */
	bool in_window;
	int64_t window_until_s; /* in_window: when the run ends */
	bool known;		/* there is a next switching within a year, to closed at next_s */
	bool closed;
	int64_t next_s;
};

/* Fill outlook[0..RELAYS_MAX). in_window is by the schedule, also when the profile is stopped. */
int forecast_outlook(const struct profile_set *, const struct runner_state *,
		     const struct runner_policy *, int64_t now_s, struct outlook *);

/* Why nothing runs: "no profile is active", "stopped", "paused until …", "rain delay until …"; ""
 * when the profile runs. Returns text. */
char *runner_idle_reason(const struct runner_state *, char *text, size_t size);

#endif
