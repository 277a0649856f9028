/* The single words of a profile. */
#include <bsd/stdlib.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "schedule/calendar.h"
#include "schedule/profile_words.h"
#include "span.h"

const char *const weekday_names[7] = {"Sunday",	  "Monday", "Tuesday", "Wednesday",
				      "Thursday", "Friday", "Saturday"};

const char *const month_names[12] = {"January",	  "February", "March",	  "April",
				     "May",	  "June",     "July",	  "August",
				     "September", "October",  "November", "December"};

struct word {
	const char *text;
	unsigned value;
};

static const struct word truth_words[] = {
	{"true", 1}, {"yes", 1}, {"on", 1}, {"false", 0}, {"no", 0}, {"off", 0}, {0},
};

static const struct word day_words[] = {
	{"even", DAYS_EVEN}, {"odd", DAYS_ODD}, {"all", DAYS_ALL}, {"none", 0}, {0},
};

static bool word_find(const struct word *words, const char *text, unsigned *value)
{
	for (; words->text; words++) {
		if (strcasecmp(words->text, text) == 0) {
			*value = words->value;
			return true;
		}
	}
	return false;
}

/* The index of a name that text is, in full or by its first three letters; -1 none. */
static int name_find(const char *const names[], int count, const char *text)
{
	for (int i = 0; i < count; i++)
		if (strcasecmp(names[i], text) == 0 ||
		    (strlen(text) == 3 && strncasecmp(names[i], text, 3) == 0))
			return i;
	return -1;
}

/* A whole number of digits only, from low to high. */
static bool number_parse(const char *text, int low, int high, int *number)
{
	const char *error;

	if (strspn(text, "0123456789") != strlen(text))
		return false; /* strtonum(3) would let blanks and signs pass */
	*number = (int)strtonum(text, low, high, &error);
	return error == NULL;
}

bool truth_parse(const char *text, bool *truth)
{
	unsigned value;

	if (!word_find(truth_words, text, &value))
		return false;
	*truth = value;
	return true;
}

bool days_parse(const char *text, unsigned *days)
{
	int weekday = name_find(weekday_names, 7, text);

	if (weekday >= 0)
		*days = 1u << weekday;
	return weekday >= 0 || word_find(day_words, text, days);
}

bool every_parse(const char *text, unsigned *every_days)
{
	char every[8], number[8], unit[8];
	int days, words = sscanf(text, "%7s %7s %7s %*c", every, number, unit);

	if (words < 2 || strcasecmp(every, "every") != 0 || !number_parse(number, 1, 366, &days))
		return false;
	if (words == 3 && strcasecmp(unit, "day") != 0 && strcasecmp(unit, "days") != 0)
		return false;
	*every_days = (unsigned)days;
	return true;
}

bool date_parse(const char *text, int32_t *date)
{
	char year[5], month[3], day[3];
	int y, m, d, length = 0;

	if (sscanf(text, "%4[0-9]-%2[0-9]-%2[0-9]%n", year, month, day, &length) != 3 ||
	    length != (int)strlen("2026-07-04") || text[length] != '\0')
		return false;
	if (!number_parse(year, 1970, 9999, &y) || !number_parse(month, 1, 12, &m) ||
	    !number_parse(day, 1, 31, &d))
		return false;
	*date = calendar_date(y, m, d);
	return *date >= 0;
}

/* "Apr 15": a day that some year has. */
static bool month_day_parse(const char *name, const char *number, uint8_t *month, uint8_t *day)
{
	int leap_year = 2000, index = name_find(month_names, 12, name), value;

	if (index < 0 || !number_parse(number, 1, 31, &value) ||
	    calendar_date(leap_year, index + 1, value) < 0)
		return false;
	*month = (uint8_t)(index + 1);
	*day = (uint8_t)value;
	return true;
}

bool season_parse(const char *text, struct season *season)
{
	char from_month[10], from_day[3], to_month[10], to_day[3];
	int length = 0;

	if (sscanf(text, " %9[A-Za-z] %2[0-9] - %9[A-Za-z] %2[0-9] %n", from_month, from_day,
		   to_month, to_day, &length) != 4 ||
	    length == 0 || text[length] != '\0')
		return false;
	return month_day_parse(from_month, from_day, &season->from_month, &season->from_day) &&
	       month_day_parse(to_month, to_day, &season->to_month, &season->to_day);
}

/* "830", "0830": hours and minutes run together. */
static bool digits_parse(const char *text, int32_t *second_of_day)
{
	int number;
	size_t length = strlen(text);

	if (length < 3 || length > 4 || !number_parse(text, 0, 2359, &number) || number % 100 > 59)
		return false;
	*second_of_day = number / 100 * 3600 + number % 100 * 60;
	return true;
}

/* "8:30", "08:30:15". */
static bool clock_parse(const char *text, int32_t *second_of_day)
{
	char hour[3], minute[3], second[3] = "00";
	int h, m, s, length = 0;

	if (sscanf(text, "%2[0-9]:%2[0-9]%n:%2[0-9]%n", hour, minute, &length, second, &length) <
		    2 ||
	    text[length] != '\0' || strlen(minute) != 2 || strlen(second) != 2)
		return false;
	if (!number_parse(hour, 0, 23, &h) || !number_parse(minute, 0, 59, &m) ||
	    !number_parse(second, 0, 59, &s))
		return false;
	*second_of_day = h * 3600 + m * 60 + s;
	return true;
}

/* What stands behind sunrise or sunset: nothing, "+30", "- 1h". */
static bool sun_offset_parse(const char *text, int32_t *offset_s)
{
	int64_t ms = 0;
	int sign = 1;

	text += strspn(text, " ");
	if (*text != '\0') {
		if (*text != '+' && *text != '-')
			return false;
		sign = *text++ == '-' ? -1 : 1;
		text += strspn(text, " ");
		if (span_parse(text, &ms) == -1)
			return false;
	}
	if (ms > SUN_OFFSET_MAX_S * INT64_C(1000))
		return false;
	*offset_s = sign * (int32_t)((ms + 500) / 1000);
	return true;
}

bool time_parse(const char *text, struct program_start *start)
{
	static const struct {
		const char *word;
		enum start_base base;
	} bases[] = {{"sunrise", START_SUNRISE}, {"sunset", START_SUNSET}};

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		size_t length = strlen(bases[i].word);

		if (strncasecmp(text, bases[i].word, length) == 0) {
			start->base = bases[i].base;
			return sun_offset_parse(text + length, &start->offset_s);
		}
	}
	start->base = START_CLOCK;
	return digits_parse(text, &start->offset_s) || clock_parse(text, &start->offset_s);
}

bool duration_parse(const char *text, int32_t *duration_ms)
{
	int64_t ms;

	if (span_parse(text, &ms) == -1 || ms > DURATION_MAX_MS)
		return false;
	*duration_ms = (int32_t)ms;
	return true;
}
