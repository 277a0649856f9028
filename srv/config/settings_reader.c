/* Where settings came from, and how to complain about one. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include "config/settings_reader.h"

struct settings_place *settings_place(struct settings_reader *reader, const struct setting *row)
{
	return &reader->place[row - settings_table];
}

/* "FILE:LINE: key: ", "-o key: " or "key: "; snprintf's cut is harmless: it is only a message. */
static int place_format(const struct settings_reader *reader, struct settings_place place,
			const char *key, char *text, size_t size)
{
	const char *colon = key ? ": " : "";

	if (!key)
		key = "";
	switch (place.source) {
	case SOURCE_FILE:
		return snprintf(text, size, "%s:%u: %s%s", reader->path, place.line, key, colon);
	case SOURCE_OPTION:
		return snprintf(text, size, "-o %s%s", key, colon);
	case SOURCE_DEFAULT:
		break;
	}
	return snprintf(text, size, "%s%s", key, colon);
}

int settings_complain(struct settings_reader *reader, struct settings_place place, const char *key,
		      const char *format, ...)
{
	char *text = reader->error->text;
	size_t size = sizeof(reader->error->text);
	int length = place_format(reader, place, key, text, size);
	va_list arguments;

	if (length >= 0 && (size_t)length < size) {
		va_start(arguments, format);
		/* Cut at size: it is only a message. */
		(void)vsnprintf(text + length, size - (size_t)length, format, arguments);
		va_end(arguments);
	}
	errno = EINVAL;
	return -1;
}
