#ifndef SCHEDULE_SCHEDULE_H
#define SCHEDULE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "schedule/ledger.h"
#include "schedule/profiles.h"

/*
 * The schedule as pure arithmetic: profiles and a span in, runs out. No clock and no files; local
 * time is the process's zone (calendar.h). An occurrence (profile, relay, date, time) is a window
 * [start, start + duration × level); windows of a relay that overlap or touch are one run.
 * Instants are seconds since the epoch; windows begin and end on whole seconds.
 */

#define LEVEL_MAX_PERCENT 250
#define WINDOW_MAX_S	  ((int64_t)DURATION_MAX_MS / 1000 * LEVEL_MAX_PERCENT / 100)
#define RUN_MAX_S	  INT64_C(86400) /* what begins later makes a new run */

struct scheduled_run {
	unsigned relay;
	int64_t start_s, end_s;		     /* end_s is not in it */
	int64_t first_civil_s, last_civil_s; /* its first and its last occurrence */
};

struct schedule_query {
	const struct profile_set *set;
	unsigned profile;	  /* index in set */
	int level_percent;	  /* 0 to LEVEL_MAX_PERCENT */
	int64_t from_s, to_s;	  /* runs that end after from_s and begin before to_s */
	const struct ledger *ran; /* occurrences in here are left out; NULL none */
};

/*
 * The runs of a query in order of start, then relay, each whole with its true end; *runs is the
 * caller's to free (NULL when there are none). Of a run that
 * is on at from_s the beginning may be later than it was. Costs n log n in the windows of the span.
 * Returns how many, or -1 with errno ENOMEM.
 */
int64_t schedule_runs(const struct schedule_query *, struct scheduled_run **runs);

/* Does the program run on that date (a date of calendar.h), season and days considered? */
bool schedule_matches(const struct profile_set *, unsigned profile, const struct program *,
		      int32_t date);

#endif
