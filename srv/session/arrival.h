#ifndef SESSION_ARRIVAL_H
#define SESSION_ARRIVAL_H

#include <stddef.h>
#include "line_buffer.h"

/*
 * Messages without an end of their own: what one read brought is an input that ends with it, of one
 * message, or of several that newlines part. Pure: the caller reads up to ARRIVAL_MAX bytes into
 * bytes, says arrival_take and takes messages until LINE_NONE.
 */

#define ARRIVAL_MAX 1024 /* so much is read at once, and so the longest message */

struct arrival {
	char bytes[ARRIVAL_MAX + 2]; /* one for the end that a message may lack, one for its NUL */
	struct line_buffer messages;
};

/* count bytes have arrived, 0 to ARRIVAL_MAX. */
void arrival_take(struct arrival *, size_t count);

/*
 * The next message, its newline (LF or CR LF) cut off: LINE_GOOD and *text, which stays valid until
 * arrival_take; LINE_NUL or LINE_NOT_UTF8; LINE_NONE when there is none left.
 */
enum line_kind arrival_next(struct arrival *, char **text);

#endif
