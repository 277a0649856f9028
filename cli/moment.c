#include "moment.h"

#include <time.h>
#include "stamp.h"

static const int64_t second_ns = 1000000000;

bool moment_of(const json_t *object, const char *key, int64_t *time_ns)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && stamp_parse(text, time_ns) == 0;
}

char *moment_text(int64_t time_ns, char text[MOMENT_TEXT_SIZE])
{
	time_t when = (time_t)(time_ns / second_ns);
	time_t now = (time_t)(stamp_now_ns() / second_ns);
	struct tm day, today;

	*text = '\0';
	if (!localtime_r(&when, &day) || !localtime_r(&now, &today))
		return text;
	bool is_today = day.tm_year == today.tm_year && day.tm_yday == today.tm_yday;
	if (strftime(text, MOMENT_TEXT_SIZE, is_today ? "%H:%M:%S" : "%F %T", &day) == 0)
		*text = '\0'; /* a year of more than ten digits */
	return text;
}
