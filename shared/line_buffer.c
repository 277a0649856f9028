/*
 * Framing of lines. Invariant: bytes[0..size - 1) holds what came, and the last byte stays free for
 * the NUL of a line that ends with the stream.
 */

#include "line_buffer.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>

void line_buffer_init(struct line_buffer *buffer, char *bytes, size_t size)
{
	*buffer = (struct line_buffer){.bytes = bytes, .size = size};
}

char *line_buffer_space(struct line_buffer *buffer, size_t *room)
{
	memmove(buffer->bytes, buffer->bytes + buffer->start, buffer->end - buffer->start);
	buffer->end -= buffer->start;
	buffer->start = 0;
	*room = buffer->size - 1 - buffer->end;
	return buffer->bytes + buffer->end;
}

void line_buffer_add(struct line_buffer *buffer, size_t count)
{
	buffer->end += count;
}

/* Judge the line text[0..length), its LF already cut off, and give it a NUL in the LF's place. */
static enum line_kind line_finish(char *text, size_t length, char **line)
{
	if (length > 0 && text[length - 1] == '\r')
		length--;
	text[length] = '\0';
	if (memchr(text, '\0', length) != NULL)
		return LINE_NUL;
	if (u8_check((const uint8_t *)text, length) != NULL)
		return LINE_NOT_UTF8;
	*line = text;
	return LINE_GOOD;
}

enum line_kind line_buffer_next(struct line_buffer *buffer, char **line)
{
	char *text = buffer->bytes + buffer->start;
	size_t held = buffer->end - buffer->start;
	char *end = memchr(text, '\n', held);

	if (end == NULL) {
		if (held >= buffer->size - 1) {
			buffer->overlong = true;
			buffer->start = buffer->end;
		}
		return LINE_NONE;
	}
	buffer->start += (size_t)(end - text) + 1;
	if (buffer->overlong) {
		buffer->overlong = false;
		return LINE_TOO_LONG;
	}
	return line_finish(text, (size_t)(end - text), line);
}

enum line_kind line_buffer_last(struct line_buffer *buffer, char **line)
{
	enum line_kind kind = line_buffer_next(buffer, line);
	char *text = buffer->bytes + buffer->start;
	size_t held = buffer->end - buffer->start;

	if (kind != LINE_NONE)
		return kind;
	buffer->start = buffer->end;
	if (buffer->overlong) {
		buffer->overlong = false;
		return LINE_TOO_LONG;
	}
	if (held == 0)
		return LINE_NONE;
	return line_finish(text, held, line);
}

bool line_buffer_partial(const struct line_buffer *buffer)
{
	return buffer->overlong || buffer->start < buffer->end;
}

void line_buffer_wipe(struct line_buffer *buffer)
{
	explicit_bzero(buffer->bytes, buffer->start);
	explicit_bzero(buffer->bytes + buffer->end, buffer->size - buffer->end);
}
