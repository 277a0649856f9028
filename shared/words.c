/* Words of a command line, cut in place: a word only ever moves towards the line's start. */

#include "words.h"

#include <errno.h>
#include <stdbool.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Move the word at *from to *to without its quotes and end it with a NUL; both step on. The NUL
 * never falls on what is still to be read: the blank after the word, or the line's own NUL, gives
 * it room. False: a quote is not closed.
 */
static bool word_take(char **from, char **to)
{
	char *in = *from;
	char *out = *to;
	bool quoted = false;

	for (; *in != '\0' && (quoted || !is_blank(*in)); in++) {
		if (*in == '"')
			quoted = !quoted;
		else
			*out++ = *in;
	}
	if (*in != '\0')
		in++;
	*out++ = '\0';
	*from = in;
	*to = out;
	return !quoted;
}

int words_split(char *line, char *words[], size_t max)
{
	char *in = line;
	char *out = line;
	size_t count = 0;

	for (;;) {
		while (is_blank(*in))
			in++;
		if (*in == '\0')
			return (int)count;
		if (count == max) {
			errno = E2BIG;
			return -1;
		}
		words[count++] = out;
		if (!word_take(&in, &out)) {
			errno = EINVAL;
			return -1;
		}
	}
}
