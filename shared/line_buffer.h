#ifndef SHARED_LINE_BUFFER_H
#define SHARED_LINE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes in, lines out: the framing of the control protocol (sprinkle-protocol(7)), for both ends.
 * Pure: the caller reads the socket into line_buffer_space, says line_buffer_add and then takes
 * lines with line_buffer_next until LINE_NONE, only then asks for space again.
 * Invariant: whatever comes in, the next good line is found again.
 * Control characters other than NUL are passed on: who shows a line makes it safe (printable.h).
 */

#define LINE_MAX_BYTES 1024 /* longest line of a client, its end included */

struct line_buffer {
	char *bytes;	   /* the caller's storage; longest line is size - 1 bytes, end included */
	size_t size;	   /* 2 or more; LINE_MAX_BYTES + 1 for the server */
	size_t start, end; /* what is not yet taken lies in [start, end) */
	bool overlong;	   /* inside a line that was too long: dropped up to its end */
};

enum line_kind {
	LINE_NONE,     /* no whole line yet: read more */
	LINE_GOOD,     /* *line is NUL-terminated, its end (LF or CR LF) cut off */
	LINE_TOO_LONG, /* a line longer than the buffer was dropped; said once, at its end */
	LINE_NUL,      /* the line held a NUL byte */
	LINE_NOT_UTF8, /* the line is not valid UTF-8 (RFC 3629) */
};

void line_buffer_init(struct line_buffer *, char *bytes, size_t size);

/*
 * Where to read to, and how many bytes fit (never 0 once line_buffer_next said LINE_NONE); then say
 * how many came.
 */
char *line_buffer_space(struct line_buffer *, size_t *room);
void line_buffer_add(struct line_buffer *, size_t count);

/* Take the next line. *line, set for LINE_GOOD only, stays valid until line_buffer_space. */
enum line_kind line_buffer_next(struct line_buffer *, char **line);

/* The peer closed its side: take what is left, in the end a line without an end, until LINE_NONE.
 */
enum line_kind line_buffer_last(struct line_buffer *, char **line);

/* Forget for good what has been taken: it held a secret. What is still waiting stays. */
void line_buffer_wipe(struct line_buffer *);

/* True while part of a line is waiting for its end (for a deadline on whole lines). */
bool line_buffer_partial(const struct line_buffer *);

#endif
