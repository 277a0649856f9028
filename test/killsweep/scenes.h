#ifndef KILLSWEEP_SCENES_H
#define KILLSWEEP_SCENES_H

#include <stdbool.h>
#include "state/segment.h"

/*
 * A scene is played in a fresh segment, once for every position: its victim makes position
 * instructions from where the scene begins, death or frost comes, the supervisor repairs, and
 * everything is looked at.
 */
struct trial {
	struct segment *segment; /* for TRIAL_CLIENTS */
	unsigned position;
	bool at_end;	 /* out: the victim came to its end in fewer instructions */
	const char *why; /* out, with OUTCOME_FAILED: what is wrong */
};

enum { TRIAL_CLIENTS = 8 };

enum outcome {
	OUTCOME_OLD, /* all is right, and the victim's update has not happened */
	OUTCOME_NEW, /* all is right, and it has happened */
	OUTCOME_FAILED,
	OUTCOMES
};

/* A session files a request; nothing of it was queued before. */
enum outcome holder_play(struct trial *);

/* The same, but a request that it gave up stands in the queue. */
enum outcome replacing_holder_play(struct trial *);

/* From where the session holds the lock, with another process parked at it. */
enum outcome waited_for_holder_play(struct trial *);

/* From where the parked session has been woken by the release, with another one parked behind. */
enum outcome woken_waiter_play(struct trial *);

/* The session stands still while others try and one of them dies; then it goes on. */
enum outcome frozen_holder_play(struct trial *);

/* The keeper takes a request and answers it, and its successor serves. */
enum outcome keeper_play(struct trial *);

/* A slot, the relays' table and an event are published, which needs no lock. */
enum outcome publisher_play(struct trial *);

#endif
