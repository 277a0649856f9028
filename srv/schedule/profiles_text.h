#ifndef SCHEDULE_PROFILES_TEXT_H
#define SCHEDULE_PROFILES_TEXT_H

#include <stddef.h>
#include "schedule/profiles.h"

/* Parts of profiles as people read them. Each cuts at size like snprintf and returns text. */

/* "Tuesday, Saturday", "even", "all", "every 3 days from 2026-11-21", "never". */
char *program_days_format(const struct profile_set *, const struct program *, char *text,
			  size_t size);

/* "08:30", "08:30:15", "sunrise+30m", "sunset". */
char *program_start_format(const struct program_start *, char *text, size_t size);

/* The whole program: "Tuesday, Saturday at 08:30 for 2m, 09:30 for 1m30s". */
char *program_format(const struct profile_set *, const struct program *, char *text, size_t size);

/* "Apr 15 - Sep 30, Dec 1 - Dec 24"; "" for all the year. */
char *profile_season_format(const struct profile_set *, const struct profile *, char *text,
			    size_t size);

#endif
