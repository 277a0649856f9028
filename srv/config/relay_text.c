/* Relays as people read them. */
#include <bsd/stdlib.h>
#include <ctype.h>
#include <stdio.h>
#include "config/settings.h"

/* The kernel numbers a chip's lines in 32 bits: struct gpiochip_info of <linux/gpio.h>. */
#define LINE_OFFSET_MAX INT32_MAX

int settings_relay_offset(const struct settings *settings, unsigned number)
{
	const char *line = settings->relay[number - 1].line, *problem;
	long long offset = strtonum(line, 0, LINE_OFFSET_MAX, &problem);

	return problem || !isdigit((unsigned char)*line) ? -1 : (int)offset;
}

char *settings_relay_text(const struct settings *settings, unsigned number, char *text, size_t size)
{
	const struct relay_setting *relay = &settings->relay[number - 1];
	const char *gpio = settings_relay_offset(settings, number) == -1 ? "" : "GPIO";
	const char *comma = *relay->name ? ", " : "";
	char pin[32] = "";

	if (relay->pin != 0)
		(void)snprintf(pin, sizeof(pin), " on pin %d", relay->pin); /* always fits */
	/* Cuts at size, as documented. */
	(void)snprintf(text, size, "%u (%s%s%s%s%s)", number, gpio, relay->line, pin, comma,
		       relay->name);
	return text;
}
