#ifndef SHARED_PRINTABLE_H
#define SHARED_PRINTABLE_H

#include <stddef.h>

/*
 * Text from outside made safe for logs, replies and terminals. Printable characters, UTF-8 ones
 * too, stay; every byte of anything else becomes a backslash and three octal digits, and a
 * backslash becomes two: the form of vis(3) with VIS_OCTAL, which strunvis(3) and unvis(1) undo.
 * Not printable are control, format (such as the bidirectional overrides), private-use and
 * unassigned characters, line and paragraph separators, and bytes that are not UTF-8.
 */

/* Room that always does for length bytes of text. */
#define PRINTABLE_SIZE(length) ((length)*4 + 1)

/* Write text so; what does not fit is left out whole, size is 1 or more. Returns out. */
char *printable_format(const char *text, char *out, size_t size);

/* The same with double quotes escaped too, for text that will stand between such. */
char *printable_quoted(const char *text, char *out, size_t size);

#endif
