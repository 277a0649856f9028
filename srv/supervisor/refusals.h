#ifndef SUPERVISOR_REFUSALS_H
#define SUPERVISOR_REFUSALS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Clients that were turned away. Closed at once, a socket that holds what its client has already
 * sent is reset, and many a client then loses the line that says why; and the supervisor reads
 * nothing that a client sent. So the last ones stay open for a moment, in which they can go by
 * themselves.
 */
enum { REFUSALS_MAX = 64, REFUSAL_LINGER_MS = 1000 };

struct refusals {
	struct refusal {
		int socket;
		int64_t close_ms; /* CLOCK_MONOTONIC */
	} held[REFUSALS_MAX];	  /* a ring, oldest first */
	size_t first, count;
	int64_t logged_ms; /* when the last was logged, CLOCK_MONOTONIC */
	unsigned unlogged; /* since then */
};

struct supervisor;
struct listener;

/* Say why in the service's words, and let go of the socket: now or when it has had its moment. */
void refusal_tell(struct supervisor *, const struct listener *, int socket, const char *address,
		  const char *why);

/* Close those whose moment is over. */
void refusals_close_due(struct refusals *, int64_t now_ms);

/* Close all: descriptors are short. */
void refusals_close_all(struct refusals *);

/* When refusals_close_due() wants to be called, CLOCK_MONOTONIC; -1 never. */
int64_t refusals_next_ms(const struct refusals *);

#endif
