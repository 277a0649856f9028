#ifndef STATE_EVENTS_H
#define STATE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "state/segment.h"

/*
 * What happened, for `watch`. Each writer has a ring of its own and is its only writer, so nobody
 * waits; a slow reader loses the oldest and is told how many.
 */

enum event_writer { EVENTS_OF_SUPERVISOR, EVENTS_OF_KEEPER, EVENT_WRITERS };

enum event_kind {
	EVENT_RELAY,   /* relay, closed, until_ns */
	EVENT_CAME,    /* a client; pid */
	EVENT_WENT,    /* a client; pid */
	EVENT_PROFILE, /* started, stopped, activated, paused, …; text */
	EVENT_WARNING, /* text */
	EVENT_ALARM,   /* text */
};

struct event {
	int64_t time_ns; /* realtime */
	enum event_kind kind;
	unsigned relay; /* number from 1; 0 none */
	bool closed;
	int64_t until_ns; /* 0 none */
	pid_t pid;
	char text[192]; /* what people read */
};

/* Publish and wake the watchers. Each writer from one process only. Never blocks. */
void event_publish(struct segment *, enum event_writer, const struct event *);

struct event_cursor {
	uint64_t next[EVENT_WRITERS];
};

/* From now on. */
void event_cursor_init(struct segment *, struct event_cursor *);

/*
 * Take the next event (of either ring, oldest first). Returns 1; 0 when there is none; -1 with
 * errno EOVERFLOW when *lost events were overwritten before they were read (the cursor has moved
 * on).
 */
int event_next(struct segment *, struct event_cursor *, struct event *, uint64_t *lost);

#endif
