#ifndef SHARED_WORDS_H
#define SHARED_WORDS_H

#include <stddef.h>

#define WORDS_MAX 64 /* words in a line: a command, 64 relays would need a range */

/*
 * Split line in place at blanks (space, tab); "double quotes" keep blanks and may stand inside a
 * word; there is no escape inside quotes. words[] gets pointers into line, at most max.
 * Returns how many words, or -1 with errno: EINVAL a quote is not closed, E2BIG more than max.
 */
int words_split(char *line, char *words[], size_t max);

#endif
