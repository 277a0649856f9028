#ifndef KEEPER_KEEPER_H
#define KEEPER_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "bank.h"
#include "config/settings.h"
#include "keeper/interlock.h"
#include "log/run_log.h"
#include "state/events.h"
#include "state/relays.h"
#include "state/requests.h"
#include "state/segment.h"

/*
 * The keeper's whole state, shared by keeper.c (the loop), water.c (driving and reading back),
 * telling.c (shared state, events, run log) and orders.c (what sessions ask for). Invariant: what
 * is published is what the lines were last read to be.
 */
struct profile_set;
struct runner;
struct saver;

struct keeper_relay {
	struct run run;		 /* the run that is on, or the last */
	int64_t since_ms;	 /* CLOCK_BOOTTIME of its closing */
	int64_t open_ms, due_ms; /* the interlock's, as the published times were made from */
	char by[96];		 /* who asked last */
	const char *end;      /* why it opens, once that is decided; else NULL: its time ran out */
	const char *time_end; /* what its time running out means: "done" or "max_on" */
};

struct keeper {
	struct segment *segment;
	struct settings settings;
	struct bank *bank; /* NULL: the chip is gone; tried again at each read-back */
	struct interlock *interlock;
	struct run_log *run_log;  /* NULL: it could not be opened; water goes on */
	struct relay_table table; /* as last published */
	uint64_t driven;	  /* what the lines were last told, bit 0 is relay 1 */
	uint64_t actual;	  /* what they last said */
	bool alarm;		  /* a line does not follow: nothing closes until it does again */
	char alarm_why[96];
	struct profile_set *profiles;
	struct runner *runner;
	struct saver *saver; /* writes the runner's state to disk */
	bool memory_failed;  /* the runner's state can't be saved: said once */
	bool memory_slow;    /* it can't be saved in time: said once, and nobody waits for it */
	int64_t save_ms;     /* the runner's state is to be saved then, CLOCK_BOOTTIME; -1 it was */
	int64_t next_ms;     /* the interlock wants its next step, CLOCK_BOOTTIME; -1 never */
	int64_t wake_ns;     /* the runner wants its next step, realtime; -1 never */
	int64_t readback_ms; /* next read-back of the lines, CLOCK_BOOTTIME */
	struct keeper_relay relay[RELAYS_MAX]; /* index 0 is relay 1 */
};

/* keeper.c: serve until SIGTERM or the supervisor's end. Returns the exit status. */
int keeper_serve(int segment_fd, int wake_fd, int ready_fd, bool foreground);

/*
 * Bring everything to now: the profile's runs, the interlocks, the lines read back, the telling.
 * Sets next_ms and wake_ns.
 */
void keeper_advance(struct keeper *);

/* water.c: the lines. */

/* The configured chip with all relays open; waits a moment while another keeper ends. */
struct bank *water_bank_open(const struct settings *, char *error);

/*
 * Bring the lines to what the interlock says for now, read them back, tell everybody what changed.
 * Returns CLOCK_BOOTTIME milliseconds of the next time it wants to be called; -1 never.
 */
int64_t water_advance(struct keeper *);

/* Read every line; a mismatch is driven once more, then it is an alarm and everything opens. */
void water_check(struct keeper *);

/* Open everything at once; why is the end in the run log. 0, or -1 when a line did not follow. */
int water_shut(struct keeper *, const char *why);

/* telling.c: what changed, for the shared state, the events and the run log. */

/* The keeper has its lines, all open: publish them, and close the books of a dead predecessor. */
void telling_begin(struct keeper *);

/* Compare what the lines say now (keeper->actual) with what was told last, and tell. */
void telling_update(struct keeper *);

/* The wall clock was set: what is told in its terms is to be told anew. */
void telling_clock_set(struct keeper *);

void telling_event(struct keeper *, enum event_kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * orders.c: carry out one request and say what came of it. True: the answer promises what is to
 * survive a power cut, so let the disk have it first.
 */
bool order_run(struct keeper *, const struct request *, struct answer *);

/* Fill the interlock's settings from the server's. */
void interlock_config_from(const struct settings *, struct interlock_config *);

#endif
