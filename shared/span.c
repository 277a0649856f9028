/* Spans of time. Integers only: a decimal point means the same in every locale, and "0.1" is exact.
 */

#include "span.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct span_unit {
	const char *name;
	int64_t ms;
};

static const struct span_unit span_units[] = {
	{.name = "d", .ms = 86400000}, {.name = "h", .ms = 3600000}, {.name = "m", .ms = 60000},
	{.name = "s", .ms = 1000},     {.name = "ms", .ms = 1},
};
#define SPAN_UNITS (sizeof(span_units) / sizeof(span_units[0]))

/* What a number without a unit counts. */
#define SPAN_BARE_UNIT_MS 60000

/* A decimal number as read: whole + fraction / scale. */
struct decimal {
	int64_t whole; /* no more than SPAN_MAX_MS + 1: beyond that every unit is out of range */
	int64_t fraction, scale;
};

/* Ten decimals are kept: fraction * 86,400,000 ms still fits, and more would be below 1 µs. */
#define SPAN_SCALE_MAX INT64_C(10000000000)

/* Read "12", "1.5", ".5" or "1." at *text and step over it. False: no number there. */
static bool decimal_read(const char **text, struct decimal *number)
{
	const char *p = *text;
	size_t digits = 0;

	*number = (struct decimal){.scale = 1};
	for (; isdigit((unsigned char)*p); p++, digits++) {
		number->whole = number->whole * 10 + (*p - '0');
		if (number->whole > SPAN_MAX_MS)
			number->whole = SPAN_MAX_MS + 1;
	}
	if (*p == '.')
		p++;
	for (; isdigit((unsigned char)*p); p++, digits++) {
		if (number->scale == SPAN_SCALE_MAX)
			continue;
		number->fraction = number->fraction * 10 + (*p - '0');
		number->scale *= 10;
	}
	*text = p;
	return digits > 0;
}

/* The unit that stands at *text, in any case, and step over it; NULL: none of ours. */
static const struct span_unit *unit_read(const char **text)
{
	size_t length = 0;

	while (isalpha((unsigned char)(*text)[length]))
		length++;
	for (size_t i = 0; i < SPAN_UNITS; i++) {
		const struct span_unit *unit = &span_units[i];

		if (length == strlen(unit->name) && strncasecmp(*text, unit->name, length) == 0) {
			*text += length;
			return unit;
		}
	}
	return NULL;
}

/* No overflow: whole is at most SPAN_MAX_MS + 1; so much of every unit together is 2.9e18 ms. */
static int64_t decimal_times(const struct decimal *number, int64_t unit_ms)
{
	return number->whole * unit_ms +
	       (number->fraction * unit_ms + number->scale / 2) / number->scale;
}

int span_parse(const char *text, int64_t *ms)
{
	const struct span_unit *last = NULL;
	struct decimal number;
	int64_t total_ms = 0;

	do {
		const struct span_unit *unit = NULL;

		if (!decimal_read(&text, &number))
			goto invalid;
		if (*text == '\0' && last == NULL) {
			total_ms = decimal_times(&number, SPAN_BARE_UNIT_MS);
			break;
		}
		unit = unit_read(&text);
		if (unit == NULL || (last != NULL && unit->ms >= last->ms))
			goto invalid;
		total_ms += decimal_times(&number, unit->ms);
		last = unit;
	} while (*text != '\0');
	if (total_ms > SPAN_MAX_MS) {
		errno = ERANGE;
		return -1;
	}
	*ms = total_ms;
	return 0;

invalid:
	errno = EINVAL;
	return -1;
}

char *span_format(int64_t ms, char *text, size_t size)
{
	char whole[64] = ""; /* INT64_MAX is "106751991167d7h12m55s807ms" */
	size_t length = 0;

	for (size_t i = 0; i < SPAN_UNITS && ms > 0; i++) {
		int64_t count = ms / span_units[i].ms;

		ms %= span_units[i].ms;
		if (count > 0)
			length += (size_t)snprintf(whole + length, sizeof(whole) - length, "%lld%s",
						   (long long)count, span_units[i].name);
	}
	(void)snprintf(text, size, "%s", length > 0 ? whole : "0s"); /* cutting is promised */
	return text;
}
