#ifndef SCHEDULE_CALENDAR_H
#define SCHEDULE_CALENDAR_H

#include <stdint.h>

/*
 * Dates and local time. A date is the number of days since 1970-01-01, counted by the calendar; a
 * civil time is date * 86400 + second of the day, what a clock on the wall says, without a zone. An
 * instant is seconds since the epoch. The zone is the process's: TZ, and tzset called since.
 */

#define DAY_S 86400

/* 2026, 11, 24: a date; -1 when there is no such day. Years 1970 to 9999. */
int32_t calendar_date(int year, int month, int day);

struct calendar_day {
	int year, month, day; /* month and day from 1 */
	int weekday;	      /* 0 is Sunday */
};

void calendar_day(int32_t date, struct calendar_day *);

/* What the wall clock says at an instant. */
int64_t calendar_civil(int64_t instant_s);

/* The date at an instant. */
int32_t calendar_date_of(int64_t instant_s);

/*
 * When the wall clock first shows civil_s or anything later: the instant itself; in an hour that
 * comes twice its first coming; for a time that a clock change skips the first instant after the
 * gap. Never falls when civil_s grows. Zone changes less than two days apart are not told apart.
 */
int64_t calendar_instant(int64_t civil_s);

/*
 * The first instant after after_s, and at until_s at the latest, at which the wall clock is set;
 * -1 there is none. A clock that is set and set back within a day is not noticed.
 */
int64_t calendar_change(int64_t after_s, int64_t until_s);

#endif
