#ifndef SCHEDULE_PROFILE_WORDS_H
#define SCHEDULE_PROFILE_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include "schedule/profiles.h"

/*
 * The single words of profiles.yml(5): text in, value out, all without case. Each returns true when
 * the whole text is such a word.
 */

bool truth_parse(const char *text, bool *truth); /* true, yes, on; false, no, off */

/* A weekday in full or its first three letters, even, odd, all, none: bits of struct program. */
bool days_parse(const char *text, unsigned *days);

/* "every 3", "every 3 days": 1 to 366. */
bool every_parse(const char *text, unsigned *every_days);

/* "2026-07-04": a date of calendar.h. */
bool date_parse(const char *text, int32_t *date);

/* "Apr 15 - Sep 30", months in full or three letters; February 29 is a day. */
bool season_parse(const char *text, struct season *);

/*
 * "830", "0830", "8:30", "08:30:15", "sunrise", "sunrise+30", "sunset-1h". Fills base and offset_s;
 * an offset is rounded to the nearest second and no more than SUN_OFFSET_MAX_S.
 */
bool time_parse(const char *text, struct program_start *);

/* A span (span.h) of 0 to DURATION_MAX_MS. */
bool duration_parse(const char *text, int32_t *duration_ms);

extern const char *const weekday_names[7]; /* "Sunday" first, as tm_wday counts */
extern const char *const month_names[12];  /* "January" first */

#endif
