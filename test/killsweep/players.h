#ifndef KILLSWEEP_PLAYERS_H
#define KILLSWEEP_PLAYERS_H

#include <stdbool.h>
#include "scenes.h"
#include "state/segment.h"

/* What the processes of the scenes do, and the questions that several scenes ask. */

enum {
	AT_ONCE_MS = 1000, /* others may need the machine; but a lost wake-up costs 2000 */
	LONG_MS = 30000,
};

/* Slots. */
enum { BYSTANDER = 0, VICTIM = 1 };

/* What requests carry (carried.h). */
enum { OTHER = 1, FORMER = 2, WANTED = 3 };

/*
 * Make what the children use, before the first scene: each instruction of theirs shall be one of
 * the server's code.
 */
void players_prepare(void);

/* File a request without waiting for its answer, as a session does that gives up. */
bool request_leave(struct segment *, int slot, int number);

/*
 * Children's work, see child_start. argument is not used but for the one who publishes.
 *
 * leave_wanted: as request_leave for the victim; 0 when it went as it should.
 * ask_wanted: ask and wait; one of enum told.
 * take_and_release: 0 when it got the lock, alone and with nothing half done.
 * keep: the keeper's part, one request taken and answered; 0 when there was one.
 */
int leave_wanted(struct segment *, void *argument);
int ask_wanted(struct segment *, void *argument);
int take_and_release(struct segment *, void *argument);
int keep(struct segment *, void *argument);

enum told { TOLD_ANSWER, TOLD_RESET, TOLD_WRONG };

/*
 * Take the next request: the number it carries, 0 when none waits, -1 when it is another slot's or
 * not whole.
 */
int next_number(struct segment *, int slot);

/* The segment with nobody in it who may hold the lock: NULL, or what is wrong. */
const char *segment_fault(struct segment *);

/* OUTCOME_FAILED, for this reason. */
enum outcome trial_fail(struct trial *, const char *why);

#endif
