#include "relay_set.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "printable.h"

/* With fewer relays than this, every relay is one digit and a run of digits is that many relays. */
#define TWO_DIGIT_RELAYS 10

/* Larger numbers are read as this one: no board has so many relays. */
#define NUMBER_MAX 99999999

#define MORE "; and more"

/* Add a remark to left_out, each once; when there is no room left, say that there is more. */
__attribute__((format(printf, 2, 3))) static void remark(struct relay_set *set, const char *format,
							 ...)
{
	char text[sizeof(set->left_out) / 2];
	size_t used = strlen(set->left_out);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments); /* longer than any remark below */
	va_end(arguments);
	if (strstr(set->left_out, text) != NULL || strstr(set->left_out, MORE) != NULL)
		return;
	if (used + strlen("; ") + strlen(text) + strlen(MORE) < sizeof(set->left_out))
		(void)snprintf(set->left_out + used, sizeof(set->left_out) - used, "%s%s",
			       used > 0 ? "; " : "", text);
	else
		(void)snprintf(set->left_out + used, sizeof(set->left_out) - used, MORE);
}

/* Name relays low to high, both included. */
static void relays_add(struct relay_set *set, unsigned relay_count, unsigned low, unsigned high)
{
	unsigned last = high < relay_count ? high : relay_count;
	unsigned missing = low > relay_count ? low : relay_count + 1;

	if (low == 0)
		remark(set, "relay 0 does not exist");
	for (unsigned relay = low > 0 ? low : 1; relay <= last && relay <= RELAYS_MAX; relay++) {
		uint64_t bit = UINT64_C(1) << (relay - 1);

		if (set->relays & bit)
			remark(set, "relay %u is named twice", relay);
		set->relays |= bit;
	}
	if (missing == high)
		remark(set, "relay %u does not exist", high);
	else if (missing < high)
		remark(set, "relays %u-%u do not exist", missing, high);
}

/* Read the number at *text and step over it. False: there is none. */
static bool number_read(const char **text, unsigned *number)
{
	const char *start = *text;

	for (*number = 0; isdigit((unsigned char)**text); (*text)++) {
		*number = *number * 10 + (unsigned)(**text - '0');
		if (*number > NUMBER_MAX)
			*number = NUMBER_MAX;
	}
	return *text > start;
}

/* Read "3", "13", "1-4" or "all" in text[0..length). False: it is none of these. */
static bool item_read(const char *text, size_t length, unsigned relay_count, struct relay_set *set)
{
	const char *p = text;
	unsigned low = 0;
	unsigned high = 0;

	if (length == strlen("all") && strncasecmp(text, "all", length) == 0) {
		relays_add(set, relay_count, 1, relay_count);
		return true;
	}
	if (!number_read(&p, &low))
		return false;
	if (p == text + length && relay_count < TWO_DIGIT_RELAYS) {
		for (p = text; p < text + length; p++)
			relays_add(set, relay_count, (unsigned)(*p - '0'), (unsigned)(*p - '0'));
		return true;
	}
	high = low;
	if (*p == '-') {
		p++;
		if (!number_read(&p, &high) || high < low)
			return false;
	}
	if (p != text + length)
		return false;
	relays_add(set, relay_count, low, high);
	return true;
}

/* Say in left_out which item is wrong, safe to be shown and cut to a sensible length. */
static int refuse_item(const char *text, size_t length, struct relay_set *set)
{
	char shown[32];
	char item[sizeof(shown)];

	(void)snprintf(item, sizeof(item), "%.*s", (int)length, text);
	(void)snprintf(set->left_out, sizeof(set->left_out),
		       "\"%s\" is no relay, range (1-4) or \"all\"",
		       printable_format(item, shown, sizeof(shown)));
	set->relays = 0;
	errno = EINVAL;
	return -1;
}

int relay_set_parse(char *const words[], size_t count, unsigned relay_count, struct relay_set *set)
{
	*set = (struct relay_set){0};
	for (size_t i = 0; i < count; i++) {
		const char *item = words[i];

		for (;;) {
			size_t length = strcspn(item, ",");

			if (!item_read(item, length, relay_count, set))
				return refuse_item(item, length, set);
			if (item[length] == '\0')
				break;
			item += length + 1;
		}
	}
	if (set->relays == 0) {
		errno = ENOENT;
		return -1;
	}
	return 0;
}

/* How many neighbours of relay are in the set from it on, itself included. */
static unsigned run_length(uint64_t relays, unsigned relay)
{
	unsigned length = 0;

	while (relay + length <= RELAYS_MAX && (relays >> (relay + length - 1) & 1))
		length++;
	return length;
}

char *relay_set_format(uint64_t relays, char *text, size_t size)
{
	char whole[RELAYS_MAX * 3 + 1] = "";
	size_t used = 0;

	for (unsigned relay = 1; relay <= RELAYS_MAX; relay++) {
		unsigned length = run_length(relays, relay);

		if (length == 0)
			continue;
		used += (size_t)snprintf(whole + used, sizeof(whole) - used, "%s%u",
					 used > 0 ? " " : "", relay);
		if (length > 2) {
			relay += length - 1;
			used += (size_t)snprintf(whole + used, sizeof(whole) - used, "-%u", relay);
		}
	}
	(void)snprintf(text, size, "%s", whole); /* cutting is promised */
	return text;
}
