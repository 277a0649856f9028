#ifndef BENCH_TALK_H
#define BENCH_TALK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What every reference server of the bench speaks, whatever way it serves: a greeting, "200 done"
 * to noop, "221 goodbye" to close, "500 what" to anything else. As little as sprinkled's own
 * clients could do with, so that the rest of a connection's price is the server's.
 */

enum { TALK_LINE_MAX = 1024 };

struct talk {
	size_t held; /* bytes of a line whose end has not come */
	char line[TALK_LINE_MAX];
};

/* Greet. False when the client is gone already. */
bool talk_begin(struct talk *, int out);

/* One read(2), and an answer to each whole line in it. False when the conversation is over. */
bool talk_advance(struct talk *, int in, int out);

#endif
