#ifndef SHARED_REPLY_H
#define SHARED_REPLY_H

#include <stdbool.h>
#include <stddef.h>

/* Reply codes and lines of the control protocol, sprinkle-protocol(7). */

enum reply_code {
	REPLY_DONE = 200,
	REPLY_LATER = 202,
	REPLY_GREETING = 220,
	REPLY_GOODBYE = 221,
	REPLY_AUTHENTICATED = 230,
	REPLY_EVENT = 299,
	REPLY_SHUTTING_DOWN = 421,
	REPLY_REFUSED = 450,
	REPLY_FAILED = 451,
	REPLY_NO_COMMAND = 500,
	REPLY_BAD_ARGUMENTS = 501,
	REPLY_AUTHENTICATE_FIRST = 530,
	REPLY_AUTHENTICATION_FAILED = 535,
	REPLY_NOT_ALLOWED = 550,
	REPLY_TOO_MANY_CLIENTS = 554,
};

/* Significant digits of a number in JSON: 28.8 VA, not the 28.800000000000001 next to it. */
enum { REPLY_NUMBER_DIGITS = 12 };

/* Every code with its meaning, for the manual's test; ends with code 0. */
struct reply_meaning {
	enum reply_code code;
	const char *meaning;
};
extern const struct reply_meaning reply_meanings[];

struct reply_line {
	int code;	  /* 100 to 999, also codes this version does not know */
	bool final;	  /* "NNN text"; else a continuation "NNN-text" */
	const char *text; /* points into the line read */
};

/* Read one line without its end. Returns 0, or -1 with errno EINVAL when it is no reply line. */
int reply_line_parse(const char *line, struct reply_line *);

#endif
