#ifndef CLI_FITTING_H
#define CLI_FITTING_H

#include <stddef.h>

/* Text by the columns it takes on a terminal, in the encoding of the locale. */

/* How many columns text takes (without control characters; see printable.h). */
int fitting_columns(const char *text);

/*
 * Text cut and padded with blanks to exactly width columns; less when size does not do, 4 bytes
 * a column always do. Returns out.
 */
char *fitting_format(const char *text, int width, char *out, size_t size);

#endif
