/*
 * talk.c: the reference servers' conversation. One read, one write a line.
 */
#include "talk.h"

#include <string.h>
#include <unistd.h>

static bool say(int out, const char *text)
{
	size_t length = strlen(text);

	return write(out, text, length) == (ssize_t)length;
}

bool talk_begin(struct talk *talk, int out)
{
	talk->held = 0;
	return say(out, "220 ready\n");
}

static bool answer(int out, const char *line)
{
	if (strcmp(line, "noop") == 0)
		return say(out, "200 done\n");
	if (strcmp(line, "close") == 0) {
		(void)say(out, "221 goodbye\n"); /* heard or not, it is over */
		return false;
	}
	return say(out, "500 what\n");
}

bool talk_advance(struct talk *talk, int in, int out)
{
	char *line = talk->line, *end;
	ssize_t count = read(in, line + talk->held, sizeof(talk->line) - talk->held);

	if (count <= 0)
		return false;
	talk->held += (size_t)count;
	while ((end = memchr(line, '\n', talk->held)) != NULL) {
		*end++ = '\0';
		if (!answer(out, line))
			return false;
		talk->held -= (size_t)(end - line);
		memmove(line, end, talk->held);
	}
	return talk->held < sizeof(talk->line);
}
