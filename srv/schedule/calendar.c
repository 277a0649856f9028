/*
 * Dates and local time on top of the C library's gmtime_r, timegm and localtime_r, which know the
 * calendar and the zone. mktime is not used: which of two instants it picks in an hour that comes
 * twice, and what it does in a gap, is not written anywhere.
 */
#include <time.h>
#include "schedule/calendar.h"

/* No zone's offset, and no change of one, is larger than a day (-12 h to +14 h). */
#define OFFSET_MARGIN_S (INT64_C(26) * 3600)

int32_t calendar_date(int year, int month, int day)
{
	struct tm wanted = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	struct tm made = wanted;
	time_t instant_s;

	if (year < 1970 || year > 9999)
		return -1;
	instant_s = timegm(&made); /* carries what is too much into the next month */
	if (made.tm_year != wanted.tm_year || made.tm_mon != wanted.tm_mon ||
	    made.tm_mday != wanted.tm_mday)
		return -1;
	return (int32_t)(instant_s / DAY_S);
}

void calendar_day(int32_t date, struct calendar_day *day)
{
	time_t instant_s = (time_t)date * DAY_S;
	struct tm tm = {0};

	(void)gmtime_r(&instant_s, &tm); /* fails only for years that an int can't hold */
	*day = (struct calendar_day){.year = tm.tm_year + 1900,
				     .month = tm.tm_mon + 1,
				     .day = tm.tm_mday,
				     .weekday = tm.tm_wday};
}

/* How far the wall clock is ahead of UTC at an instant. */
static int64_t offset_at(int64_t instant_s)
{
	time_t time_s = (time_t)instant_s;
	struct tm tm = {0};

	(void)localtime_r(&time_s, &tm); /* as above */
	return tm.tm_gmtoff;
}

int64_t calendar_civil(int64_t instant_s)
{
	return instant_s + offset_at(instant_s);
}

int32_t calendar_date_of(int64_t instant_s)
{
	return (int32_t)(calendar_civil(instant_s) / DAY_S);
}

/* The first instant after from_s, up to to_s, at which the offset is no longer from_s's. */
static int64_t offset_change(int64_t from_s, int64_t to_s)
{
	int64_t before = offset_at(from_s);

	while (to_s - from_s > 1) {
		int64_t middle_s = from_s + (to_s - from_s) / 2;

		if (offset_at(middle_s) == before)
			from_s = middle_s;
		else
			to_s = middle_s;
	}
	return to_s;
}

int64_t calendar_instant(int64_t civil_s)
{
	int64_t early_s = civil_s - OFFSET_MARGIN_S; /* the wall clock can't be there yet */
	int64_t before = offset_at(early_s);
	int64_t instant_s = civil_s - before;

	if (offset_at(instant_s) == before)
		return instant_s;
	/*
	 * The clock is changed on the way. Up to the change it had not come to civil_s; from then
	 * on it shows civil_s as the new offset has it, or already more, if that was skipped.
	 */
	int64_t change_s = offset_change(early_s, instant_s);
	int64_t after_s = civil_s - offset_at(change_s);

	return after_s > change_s ? after_s : change_s;
}

int64_t calendar_change(int64_t after_s, int64_t until_s)
{
	for (int64_t before = offset_at(after_s); after_s < until_s; after_s += DAY_S) {
		int64_t next_s = after_s + DAY_S < until_s ? after_s + DAY_S : until_s;

		if (offset_at(next_s) != before)
			return offset_change(after_s, next_s);
	}
	return -1;
}
