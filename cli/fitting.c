#include "fitting.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/*
 * The next character's bytes, and its columns. What is no text in the locale is taken byte by
 * byte, each a column: so does a terminal of that locale.
 */
static size_t character_take(const char *text, int *columns)
{
	mbstate_t state = {0};
	wchar_t wide;
	size_t length = mbrtowc(&wide, text, MB_CUR_MAX, &state);

	*columns = 1;
	if (length == 0 || length > MB_CUR_MAX)
		return 1;
	int width = wcwidth(wide);
	if (width >= 0)
		*columns = width;
	return length;
}

int fitting_columns(const char *text)
{
	int sum = 0;

	while (*text) {
		int columns;
		text += character_take(text, &columns);
		sum += columns;
	}
	return sum;
}

char *fitting_format(const char *text, int columns, char *out, size_t size)
{
	size_t used = 0;

	while (*text) {
		int width;
		size_t length = character_take(text, &width);
		if (width > columns || used + length >= size)
			break;
		memcpy(out + used, text, length);
		used += length;
		text += length;
		columns -= width;
	}
	for (; columns > 0 && used + 1 < size; columns--)
		out[used++] = ' ';
	out[used] = '\0';
	return out;
}
