#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* Command lines as the server reads them: words apart by blanks, "double quotes" keep blanks. */

/*
 * Join words to a line of at most size bytes, its NUL included; words that are empty or hold
 * blanks are quoted. Returns 0, or -1 with errno: EINVAL a word holds a double quote or a control
 * character, which no line can carry; E2BIG the line is too long.
 */
int command_line_join(char *const words[], size_t count, char *line, size_t size);

/* Is the line's first word this one? Without case, as the server reads it. */
bool command_line_is(const char *line, const char *command);

#endif
