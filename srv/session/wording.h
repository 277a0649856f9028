#ifndef SESSION_WORDING_H
#define SESSION_WORDING_H

#include <stdbool.h>

struct command;
struct relay_state;
struct session;

/*
 * What a service says in words of its own. Commands answer by session/response.h all the same; a
 * session without a wording speaks the control protocol.
 */
struct wording {
	/* One line of an answer, made safe already; the final one tells how it went. */
	void (*line)(struct session *, int code, bool final, const char *text);
	/* Why a command makes no sense in this service, a sentence; NULL: it does. */
	const char *(*objection)(const struct command *);
	/* By response_line: a relay as it is, and one that the command has switched. */
	void (*relay_state)(struct session *, unsigned number, const struct relay_state *);
	void (*relay_switched)(struct session *, unsigned number);
	/* The server ends; this is the last that the client hears. */
	void (*farewell)(struct session *);
};

#endif
