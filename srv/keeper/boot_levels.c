/*
 * Reads config.txt as far as it drives pins: gpio=LINES=OPTIONS, with lines and ranges apart by
 * commas, "op" for an output, "dh" and "dl" for its level.
 * https://www.raspberrypi.com/documentation/computers/config_txt.html#gpio-control
 */
#include "keeper/boot_levels.h"

#include <stdlib.h>
#include <string.h>

#define PULLED_UP_LAST 8

bool boot_line_is_pulled_up(unsigned offset)
{
	return offset <= PULLED_UP_LAST;
}

/* "5,6,20-22" as a set; what is no line of the header is left out. */
static uint64_t lines_parse(char *text)
{
	uint64_t lines = 0;
	char *word;

	while ((word = strsep(&text, ","))) {
		char *end;
		unsigned long first = strtoul(word, &end, 10);
		unsigned long last = *end == '-' ? strtoul(end + 1, NULL, 10) : first;

		for (unsigned long line = first; line <= last && line < BOOT_LINES; line++)
			lines |= UINT64_C(1) << line;
	}
	return lines;
}

static bool options_hold(const char *options, const char *wanted)
{
	size_t length = strlen(wanted);

	for (const char *at = strstr(options, wanted); at; at = strstr(at + 1, wanted))
		if ((at == options || at[-1] == ',') && strchr(", \t\r\n", at[length]))
			return true;
	return false;
}

void boot_config_read(FILE *config, uint64_t *high, uint64_t *low)
{
	char *text = NULL, *options;
	size_t size = 0;

	*high = *low = 0;
	while (getline(&text, &size, config) > 0) {
		uint64_t lines;

		if (strncmp(text, "gpio=", strlen("gpio=")) != 0)
			continue;
		options = strchr(text + strlen("gpio="), '=');
		if (!options)
			continue;
		*options++ = '\0';
		lines = lines_parse(text + strlen("gpio="));
		*high &= ~lines;
		*low &= ~lines;
		if (options_hold(options, "op") && options_hold(options, "dh"))
			*high |= lines;
		if (options_hold(options, "op") && options_hold(options, "dl"))
			*low |= lines;
	}
	free(text);
}
