#ifndef KEEPER_INTERLOCK_H
#define KEEPER_INTERLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "relay_set.h"

/*
 * Which relays may be closed when: power budget, exclusive groups, master valve, max_on,
 * min_switch. Pure: state, request and time in, decision out; no clock, no GPIO, no files. Times
 * are milliseconds on one clock that no time change moves (CLOCK_BOOTTIME, or a virtual one).
 *
 * Invariants: the sum of what is held and what is pulling in never exceeds the supply; no relay is
 * closed beyond its max_on; none is switched twice within min_switch (a shorter max_on wins); no
 * two of a group are closed; nothing asked later makes a relay that waits close later than it was
 * due.
 *
 * The master valve follows the others: it closes lead before the first, stays while one runs or
 * waits, and opens lag after the last. It counts in the budget. Its own max_on and group are not
 * applied: they would cut the water of relays that keep theirs.
 */

struct interlock_config {
	unsigned relays; /* 1 to RELAYS_MAX */
	struct {
		int64_t max_on_ms; /* longest a relay may be closed at a time, above 0 */
		unsigned group;	   /* 0 none; equal numbers exclude each other */
	} relay[RELAYS_MAX];
	double supply_va;	   /* 0: no budget */
	double inrush_va, hold_va; /* of one relay; if inrush is the smaller, hold counts */
	int64_t inrush_ms;	   /* for how long a closing relay draws inrush_va */
	int64_t min_switch_ms;	   /* between two switchings of a relay */
	unsigned master;	   /* relay number of the master valve or pump, 0 none */
	int64_t master_lead_ms, master_lag_ms;
};

enum interlock_cause { CAUSE_NONE, CAUSE_MANUAL, CAUSE_PROFILE, CAUSE_MASTER };

/* One relay, as far as anyone outside may know; plain values. Times that do not apply are 0. */
struct interlock_relay {
	bool closed;		    /* driven closed */
	bool queued;		    /* waits for power, group, master or min_switch */
	enum interlock_cause cause; /* CAUSE_NONE when neither, but for the master */
	int64_t closed_ms;	    /* while closed: when it closed */
	int64_t open_ms;	    /* while closed: when it will open */
	int64_t due_ms;	   /* while queued: when it will close, or sooner if others open early */
	int64_t length_ms; /* how long it runs from its closing */
};

struct interlock;

/*
 * NULL with errno: ENOMEM, or EINVAL: relays not 1 to RELAYS_MAX, master beyond relays, a max_on
 * below 1 ms, a time below 0 or above SPAN_MAX_MS, a power below 0 or above 1 MVA.
 */
struct interlock *interlock_create(const struct interlock_config *);
void interlock_destroy(struct interlock *); /* NULL is harmless */

/*
 * Take new settings (a reload); relays that run go on, a shortened max_on holds at once. What the
 * new figures can't bear opens at the next interlock_step, the youngest first; what can never fit
 * leaves the queue. Returns 0, or -1 with errno EINVAL (as above, or another number of relays) and
 * nothing changed.
 */
int interlock_configure(struct interlock *, const struct interlock_config *);

enum interlock_verdict {
	INTERLOCK_NOW,	   /* closes at the next interlock_step of this same instant */
	INTERLOCK_LATER,   /* queued; see interlock_relay.due_ms and the reason */
	INTERLOCK_NEVER,   /* refused: nothing changed; the reason has the figures */
	INTERLOCK_ALREADY, /* it is closed or queued: its length was replaced (from now) */
};

/*
 * Ask for relay number (from 1) to close for length_ms (0: until max_on; longer is cut to max_on,
 * shorter than min_switch takes min_switch) from its closing on. CAUSE_MANUAL is refused when it
 * can't fit with what runs and waits now (the budget with every running and queued relay held, of a
 * group one, the master too, and this one pulling in); CAUSE_PROFILE waits its turn and is refused
 * only when it could never fit even alone. The master valve itself is refused: it follows. Earlier
 * requests go first; a later one that fits may pass only if it delays nobody.
 *
 * INTERLOCK_ALREADY: CAUSE_MANUAL takes over a profile's relay; CAUSE_PROFILE changes nothing of a
 * manual one. A longer length is a later request: where it would delay one that waits, the old
 * length stays and the reason says so. Closed time counts from the closing, so max_on holds however
 * often it is asked.
 *
 * reason gets one clause ("power: 38.4 VA in use, 14.4 VA needed to pull in, supply 39.8 VA"), ""
 * when there is none; 96 bytes hold it.
 */
enum interlock_verdict interlock_close(struct interlock *, int64_t now_ms, unsigned number,
				       int64_t length_ms, enum interlock_cause, char *reason,
				       size_t size);

/*
 * Ask for relay number to open, or to leave the queue. Opening is never refused, but waits for
 * min_switch: returns INTERLOCK_NOW, INTERLOCK_LATER (open_ms says when), or INTERLOCK_ALREADY (it
 * is open). The master valve follows: LATER while it is closed.
 */
enum interlock_verdict interlock_open(struct interlock *, int64_t now_ms, unsigned number);

/* Open all at once and empty the queue, whatever min_switch says: alarm, shutdown. */
void interlock_open_all(struct interlock *, int64_t now_ms);

/*
 * Advance to now_ms. Returns the set that is to be driven closed from now on; *next_ms is when to
 * call again though nobody asks, or -1 for never. Calling it late or twice is harmless: what is
 * past due opens at once, and what missed its turn is planned anew.
 */
uint64_t interlock_step(struct interlock *, int64_t now_ms, int64_t *next_ms);

/* A copy of the state of relay number (from 1). */
void interlock_relay(const struct interlock *, unsigned number, struct interlock_relay *);

/* VA drawn at now_ms by the figures of the budget. */
double interlock_power(const struct interlock *, int64_t now_ms);

#endif
