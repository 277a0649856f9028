#include "stamp.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)
#define DAY_S	 INT64_C(86400)

#define YEAR_MIN 1970
#define YEAR_MAX 2261 /* the last whole one in 63 bits of nanoseconds */

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now = {0};

	(void)clock_gettime(clock, &now); /* fails for a bad clock or address only */
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t stamp_now_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

int64_t stamp_coarse_ns(void)
{
	return clock_ns(CLOCK_REALTIME_COARSE);
}

/* The time up to the seconds, in the form "2026-11-21T06:30:00"; "never" when it can't be said. */
static char *seconds_format(const struct tm *tm, const char *zone, char *text, size_t size)
{
	char whole[STAMP_SIZE];

	if (tm == NULL || strftime(whole, sizeof(whole), "%Y-%m-%dT%H:%M:%S", tm) == 0)
		(void)snprintf(text, size, "never");
	else
		(void)snprintf(text, size, "%s%s", whole, zone);
	return text;
}

char *stamp_utc(int64_t time_ns, char *text, size_t size)
{
	time_t time_s = (time_t)(time_ns / NS_PER_S);
	struct tm tm;

	return seconds_format(time_ns < 0 ? NULL : gmtime_r(&time_s, &tm), "Z", text, size);
}

char *stamp_local(int64_t time_ns, char *text, size_t size)
{
	time_t time_s = (time_t)(time_ns / NS_PER_S);
	struct tm tm = {0};
	struct tm *known = time_ns < 0 ? NULL : localtime_r(&time_s, &tm);
	long minutes = labs(tm.tm_gmtoff) / 60;
	char zone[sizeof("+24:59")];

	(void)snprintf(zone, sizeof(zone), "%c%02d:%02d", tm.tm_gmtoff < 0 ? '-' : '+',
		       (int)(minutes / 60 % 100), (int)(minutes % 60));
	return seconds_format(known, zone, text, size);
}

/* Read exactly count digits of a number from low to high and step over them. */
static bool digits_read(const char **text, int count, int low, int high, int *value)
{
	*value = 0;
	for (; count > 0; count--, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return false;
		*value = *value * 10 + (**text - '0');
	}
	return *value >= low && *value <= high;
}

static bool character_read(const char **text, char wanted)
{
	if (toupper((unsigned char)**text) != wanted)
		return false;
	(*text)++;
	return true;
}

static bool date_read(const char **text, struct tm *tm)
{
	struct tm normal;
	int year = 0;
	int month = 0;

	if (!digits_read(text, 4, YEAR_MIN, YEAR_MAX, &year) || !character_read(text, '-') ||
	    !digits_read(text, 2, 1, 12, &month) || !character_read(text, '-') ||
	    !digits_read(text, 2, 1, 31, &tm->tm_mday))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	normal = *tm;
	(void)timegm(&normal); /* only to see whether February 30 became a day of March */
	return normal.tm_mon == tm->tm_mon;
}

/* Read ".25" as nanoseconds; digits after the ninth are passed over. */
static bool fraction_read(const char **text, int64_t *ns)
{
	int64_t digit_ns = NS_PER_S / 10;

	*ns = 0;
	if (!character_read(text, '.'))
		return true;
	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text); (*text)++, digit_ns /= 10)
		*ns += (**text - '0') * digit_ns;
	return true;
}

/* Read "Z" or "+01:00" as seconds east of UTC. */
static bool zone_read(const char **text, int *east_s)
{
	int hours = 0;
	int minutes = 0;
	int sign = **text == '-' ? -1 : 1;

	*east_s = 0;
	if (character_read(text, 'Z'))
		return true;
	if (!character_read(text, sign < 0 ? '-' : '+') || !digits_read(text, 2, 0, 23, &hours) ||
	    !character_read(text, ':') || !digits_read(text, 2, 0, 59, &minutes))
		return false;
	*east_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* Has the local date come at time_s? Of two dates the later compares greater as yyyymmdd. */
static bool date_has_come(time_t time_s, const struct tm *date)
{
	struct tm local = {0};

	if (localtime_r(&time_s, &local) == NULL)
		return false;
	return local.tm_year * 10000 + local.tm_mon * 100 + local.tm_mday >=
	       date->tm_year * 10000 + date->tm_mon * 100 + date->tm_mday;
}

/*
 * The first instant of a local date, by halving: no zone is a day away from UTC, so it lies within
 * a day of midnight in UTC. Unlike mktime(3) this has one answer when midnight is skipped or comes
 * twice.
 */
static time_t date_begin(const struct tm *date)
{
	struct tm utc = *date;
	time_t before = timegm(&utc) - DAY_S;
	time_t after = before + 2 * DAY_S;

	while (after - before > 1) {
		time_t middle = before + (after - before) / 2;

		if (date_has_come(middle, date))
			after = middle;
		else
			before = middle;
	}
	return after;
}

int stamp_parse(const char *text, int64_t *time_ns)
{
	struct tm tm = {0};
	int64_t fraction_ns = 0;
	time_t time_s = 0;
	int east_s = 0;

	if (!date_read(&text, &tm))
		goto invalid;
	if (*text == '\0') {
		time_s = date_begin(&tm);
	} else {
		if (!character_read(&text, 'T') || !digits_read(&text, 2, 0, 23, &tm.tm_hour) ||
		    !character_read(&text, ':') || !digits_read(&text, 2, 0, 59, &tm.tm_min) ||
		    !character_read(&text, ':') || !digits_read(&text, 2, 0, 60, &tm.tm_sec) ||
		    !fraction_read(&text, &fraction_ns) || !zone_read(&text, &east_s) ||
		    *text != '\0')
			goto invalid;
		time_s = timegm(&tm) - east_s;
	}
	if (time_s < 0)
		goto invalid;
	*time_ns = time_s * NS_PER_S + fraction_ns;
	return 0;

invalid:
	errno = EINVAL;
	return -1;
}
