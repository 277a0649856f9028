#ifndef STATE_REQUESTS_H
#define STATE_REQUESTS_H

#include <stdbool.h>
#include <stdint.h>
#include "relay_set.h"
#include "state/segment.h"

/*
 * What sessions want from the keeper, and what it answers. A session files one request at a time
 * into a queue guarded by the lock and wakes the keeper through its eventfd; the keeper takes it,
 * acts, and answers into the asker's slot, whose semaphore then wakes the asker.
 */

enum request_kind {
	REQUEST_NONE,
	REQUEST_OPEN,	      /* relays */
	REQUEST_CLOSE,	      /* relays, span_ms */
	REQUEST_TOGGLE,	      /* relays */
	REQUEST_CLEAR_EVENTS, /* the event log; the old one is kept as .1 */
	REQUEST_CLEAR_ERRORS,
	REQUEST_ACTIVATE, /* text: name of a profile, or number from 1 */
	REQUEST_START,	  /* run the active profile */
	REQUEST_STOP,
	REQUEST_PAUSE, /* span_ms, 0 until resumed */
	REQUEST_RESUME,
	REQUEST_RAIN_DELAY, /* span_ms, 0 off */
	REQUEST_LEVEL,	    /* number: percent, 0 to 250 */
	REQUEST_SKIP,	    /* relays */
	REQUEST_RELOAD,	    /* read profiles.yml again */
};

struct request {
	enum request_kind kind;
	uint64_t relays; /* bit 0 is relay 1 */
	int64_t span_ms; /* 0: none given */
	int number;
	char text[128];
	char by[96]; /* who asks, for logs and events: "admin 192.168.1.20:50514" */
};

/* What became of one relay of the request. */
struct relay_verdict {
	int code;	  /* 0 not asked for; 200, 202, 450 or 451 of reply.h */
	bool closed;	  /* read back after the drive */
	int64_t when_ns;  /* 202: realtime at which it will close */
	int64_t until_ns; /* realtime at which it will open again; 0 unknown or open */
	char why[96];	  /* 202, 450, 451: the reason with its figures */
};

struct answer {
	int code;	/* the worst of all, a reply code of reply.h */
	char text[512]; /* for the final line; "" when the verdicts say all */
	struct relay_verdict relay[RELAYS_MAX];
};

/*
 * Session of that slot: file a request, wake the keeper, wait for the answer at most limit_ms.
 * Returns 0, or -1 with errno: EBUSY the lock could not be had, ETIMEDOUT no answer in time,
 * ECONNRESET the keeper died meanwhile (its successor has opened every relay), ENOSPC no memory for
 * the request.
 */
int request_ask(struct segment *, int slot, const struct request *, int64_t limit_ms,
		struct answer *);

/* A taken request's way back. */
struct request_ticket {
	int slot;
	uint32_t number;
};

/*
 * Keeper: take the oldest request. Returns 1, 0 when there is none, -1 with errno EBUSY when the
 * lock could not be had within 20 ms (try again), EPROTO when the queue was overwritten.
 */
int request_take(struct segment *, struct request *, struct request_ticket *);

/* Keeper: answer it; an asker that is gone or has given up is no error. */
void request_answer(struct segment *, const struct request_ticket *, const struct answer *);

/*
 * Keeper: the eventfd that request_ask writes; the supervisor creates it (EFD_NONBLOCK|EFD_CLOEXEC)
 * with segment_create and everybody inherits it. In the keeper, requests_attach says which number
 * it has there.
 */
int requests_descriptor(const struct segment *);
void requests_attach(struct segment *, int descriptor);

/* Make the keeper's loop turn. */
void requests_wake(const struct segment *);

/*
 * Supervisor: the keeper is dead. Drops every filed request and wakes every asker with ECONNRESET.
 * Never blocks (repair first).
 */
void requests_abandon(struct segment *);

#endif
