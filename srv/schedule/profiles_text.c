/* Profiles as people read them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "schedule/calendar.h"
#include "schedule/profile_words.h"
#include "schedule/profiles_text.h"
#include "span.h"

#define SPAN_TEXT_SIZE 32
#define MS_PER_S       1000

/* Append; what has no room is cut off. */
static void add(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add(char *text, size_t size, const char *format, ...)
{
	size_t length = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text + length, size - length, format, arguments); /* as above */
	va_end(arguments);
}

static const char *comma(const char *text)
{
	return *text ? ", " : "";
}

static void date_add(char *text, size_t size, const char *before, int32_t date)
{
	struct calendar_day day;

	calendar_day(date, &day);
	add(text, size, "%s%04d-%02d-%02d", before, day.year, day.month, day.day);
}

char *program_days_format(const struct profile_set *set, const struct program *program, char *text,
			  size_t size)
{
	*text = '\0';
	if ((program->days & DAYS_ALL) == DAYS_ALL)
		add(text, size, "all");
	else
		for (int i = 0; i < 7; i++)
			if (program->days & (1u << i))
				add(text, size, "%s%s", comma(text), weekday_names[i]);
	if (program->days & DAYS_EVEN)
		add(text, size, "%seven", comma(text));
	if (program->days & DAYS_ODD)
		add(text, size, "%sodd", comma(text));
	if (program->every_days > 0) {
		add(text, size, "%severy %u days from", comma(text), program->every_days);
		date_add(text, size, " ", program->every_from);
	}
	for (unsigned i = 0; i < program->date_count; i++)
		date_add(text, size, comma(text), set->date[program->first_date + i]);
	if (*text == '\0')
		add(text, size, "never");
	return text;
}

char *program_start_format(const struct program_start *start, char *text, size_t size)
{
	int offset_s = start->offset_s;
	char span[SPAN_TEXT_SIZE];

	*text = '\0';
	if (start->base == START_CLOCK) {
		add(text, size, "%02d:%02d", offset_s / 3600, offset_s / 60 % 60);
		if (offset_s % 60 != 0)
			add(text, size, ":%02d", offset_s % 60);
		return text;
	}
	add(text, size, "%s", start->base == START_SUNRISE ? "sunrise" : "sunset");
	if (offset_s != 0)
		add(text, size, "%c%s", offset_s < 0 ? '-' : '+',
		    span_format((int64_t)(offset_s < 0 ? -offset_s : offset_s) * MS_PER_S, span,
				sizeof(span)));
	return text;
}

char *program_format(const struct profile_set *set, const struct program *program, char *text,
		     size_t size)
{
	char start[SPAN_TEXT_SIZE], span[SPAN_TEXT_SIZE];

	(void)program_days_format(set, program, text, size);
	for (unsigned i = 0; i < program->start_count; i++) {
		const struct program_start *at = &set->start[program->first_start + i];

		add(text, size, "%s %s for %s", i == 0 ? " at" : ",",
		    program_start_format(at, start, sizeof(start)),
		    span_format(at->duration_ms, span, sizeof(span)));
	}
	return text;
}

char *profile_season_format(const struct profile_set *set, const struct profile *profile,
			    char *text, size_t size)
{
	*text = '\0';
	for (unsigned i = 0; i < profile->season_count; i++) {
		const struct season *season = &set->season[profile->first_season + i];

		add(text, size, "%s%.3s %u - %.3s %u", comma(text),
		    month_names[season->from_month - 1], season->from_day,
		    month_names[season->to_month - 1], season->to_day);
	}
	return text;
}
