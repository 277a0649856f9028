#include "printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

/* How many bytes the printable character at text has; 0: what stands there is not printable. */
static size_t character_length(const char *text, size_t left)
{
	ucs4_t character = 0;

	if ((unsigned char)*text < 0x80) /* nearly always, and no table is to be looked into */
		return *text >= ' ' && *text != 0x7f;
	int length = u8_mbtoucr(&character, (const uint8_t *)text, left);

	if (length <= 0 ||
	    uc_is_general_category_withtable(character, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Zl |
								UC_CATEGORY_MASK_Zp))
		return 0;
	return (size_t)length;
}

static char *text_write(const char *text, bool quoted, char *out, size_t size)
{
	size_t left = strlen(text);
	size_t used = 0;

	while (left > 0) {
		char piece[8];
		size_t step = character_length(text, left);
		size_t length = step;

		if (step > 0)
			memcpy(piece, text, step);
		if (step == 1 && *text == '\\')
			length = (size_t)snprintf(piece, sizeof(piece), "\\\\");
		else if (step == 0 || (quoted && *text == '"'))
			length = (size_t)snprintf(piece, sizeof(piece), "\\%03o",
						  (unsigned)(unsigned char)*text);
		if (used + length >= size)
			break;
		memcpy(out + used, piece, length);
		used += length;
		text += step > 0 ? step : 1;
		left -= step > 0 ? step : 1;
	}
	out[used] = '\0';
	return out;
}

char *printable_format(const char *text, char *out, size_t size)
{
	return text_write(text, false, out, size);
}

char *printable_quoted(const char *text, char *out, size_t size)
{
	return text_write(text, true, out, size);
}
