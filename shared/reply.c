#include "reply.h"

#include <ctype.h>
#include <errno.h>

const struct reply_meaning reply_meanings[] = {
	{.code = REPLY_DONE, .meaning = "done; the continuation lines are the answer"},
	{.code = REPLY_LATER, .meaning = "accepted, will happen later"},
	{.code = REPLY_GREETING, .meaning = "greeting"},
	{.code = REPLY_GOODBYE, .meaning = "goodbye"},
	{.code = REPLY_AUTHENTICATED, .meaning = "authenticated"},
	{.code = REPLY_EVENT, .meaning = "an event, after watch only"},
	{.code = REPLY_SHUTTING_DOWN, .meaning = "the server is shutting down"},
	{.code = REPLY_REFUSED, .meaning = "refused for now; the text says what and until when"},
	{.code = REPLY_FAILED, .meaning = "it failed: GPIO or system error"},
	{.code = REPLY_NO_COMMAND, .meaning = "no such command, or not a valid line"},
	{.code = REPLY_BAD_ARGUMENTS, .meaning = "bad arguments, with the usage"},
	{.code = REPLY_AUTHENTICATE_FIRST, .meaning = "authenticate first"},
	{.code = REPLY_AUTHENTICATION_FAILED, .meaning = "authentication failed"},
	{.code = REPLY_NOT_ALLOWED, .meaning = "your role may not"},
	{.code = REPLY_TOO_MANY_CLIENTS, .meaning = "too many clients"},
	{.code = 0},
};

int reply_line_parse(const char *line, struct reply_line *reply)
{
	const unsigned char *c = (const unsigned char *)line;

	if (c[0] < '1' || c[0] > '9' || !isdigit(c[1]) || !isdigit(c[2]) ||
	    (c[3] != ' ' && c[3] != '-')) {
		errno = EINVAL;
		return -1;
	}
	*reply = (struct reply_line){
		.code = (c[0] - '0') * 100 + (c[1] - '0') * 10 + (c[2] - '0'),
		.final = c[3] == ' ',
		.text = line + 4,
	};
	return 0;
}
