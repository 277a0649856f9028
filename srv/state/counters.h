#ifndef STATE_COUNTERS_H
#define STATE_COUNTERS_H

#include <stdint.h>
#include "state/segment.h"

/* Totals since the server's start. Atomic additions: a death between two of them loses nothing. */

enum counter {
	COUNT_CONNECTIONS, /* accepted and served */
	COUNT_REFUSED,	   /* turned away: full, per source, … */
	COUNT_COMMANDS,
	COUNT_BYTES_IN,
	COUNT_BYTES_OUT,
	COUNT_SWITCHINGS, /* relays driven to another state */
	COUNT_CRASHES,	  /* workers that died by a signal */
	COUNT_KEEPER_STARTS,
	COUNT_KEEPER_TURNS, /* of its loop: what the watchdog looks at */
	COUNT_AUTH_FAILURES,
	COUNT_TLS_FAILURES, /* connections on which no TLS came about */
	COUNTERS
};

void counter_add(struct segment *, enum counter, uint64_t amount);
uint64_t counter_read(struct segment *, enum counter);
int64_t server_started_ns(struct segment *); /* realtime of segment_create */

#endif
