#ifndef KEEPER_TURNS_H
#define KEEPER_TURNS_H

#include <stdbool.h>
#include <stdint.h>
#include "keeper/interlock.h"

/*
 * Whose turn is when: the plan behind the interlock, for interlock.c alone. A turn is a time span
 * that one relay has (it is closed) or will have (it waits). Relays are indexes here, from 0;
 * powers are whole mVA, so that sums are exact. Invariant: at no instant do the turns planned and
 * running need more than the supply, or two of a group at once; once planned, a turn is moved to
 * an earlier start only.
 */

/* Instants of the clock lie well within ±TURN_ENDLESS; a turn not planned yet overlaps none. */
#define TURN_ENDLESS   (INT64_MAX / 8)	  /* a length: the master's, until nobody needs it */
#define TURN_UNPLANNED (3 * TURN_ENDLESS) /* a start: after the end of all others */
#define TURN_NEVER     (-TURN_ENDLESS)	  /* long before all others */

struct turn {
	bool closed, waits;  /* not both; with neither it has no turn */
	int64_t start_ms;    /* when it closed or will close */
	int64_t length_ms;   /* from start_ms on, its end excluded */
	int64_t switched_ms; /* when it last switched either way */
};

struct turns {
	struct interlock_config config;
	int64_t supply_mva, inrush_mva, hold_mva; /* supply 0: no budget */
	struct turn relay[RELAYS_MAX];
	unsigned queue[RELAYS_MAX]; /* who waits, first come first; the master is not in it */
	unsigned queued;	    /* how many */
};

/* Take a configuration. 0, or -1 with errno EINVAL as of interlock_create and nothing changed. */
int turns_configure(struct turns *, const struct interlock_config *);

bool turns_is_master(const struct turns *, unsigned relay);
bool turns_same_group(const struct turns *, unsigned relay, unsigned other); /* two of one group */
int64_t turn_end(const struct turn *);
int64_t turn_ready(const struct turns *, unsigned relay); /* when min_switch lets it switch again */

/* When a relay may close for the master's sake; TURN_NEVER when there is none. */
int64_t turns_master_leads(const struct turns *);

/* mVA that one relay's turn needs at an instant, and that all turns together need. */
int64_t turn_power(const struct turns *, unsigned relay, int64_t at_ms);
int64_t turns_power(const struct turns *, int64_t at_ms);

/* Join the end of the queue, for arranging; leave it. */
void turns_join(struct turns *, unsigned relay, int64_t length_ms);
void turns_leave(struct turns *, unsigned relay);

/*
 * Give each waiting relay, and the master, the earliest turn from now_ms on, in the order of the
 * queue. Nobody gets a later one than before, unless one was missed: then all are planned anew.
 */
void turns_arrange(struct turns *, int64_t now_ms);

/* Can everyone who waits keep the turn planned? If not, *first gets one who can't. */
bool turns_hold(const struct turns *, unsigned *first);

#endif
