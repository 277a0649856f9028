#ifndef SUPERVISOR_SUPERVISOR_H
#define SUPERVISOR_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "config/settings.h"
#include "state/segment.h"
#include "supervisor/credentials.h"
#include "supervisor/listeners.h"
#include "supervisor/notify.h"
#include "supervisor/options.h"
#include "supervisor/refusals.h"
#include "supervisor/sources.h"
#include "supervisor/workers.h"

/*
 * The supervisor's whole state, shared by the files of this folder: supervisor.c (the loop),
 * admission.c (accept, limits, fork), keeper_care.c (the keeper's life), reaper.c (deaths),
 * ending.c (shutdown). Times are milliseconds of CLOCK_MONOTONIC; -1 is never.
 */
struct supervisor {
	const struct options *options;
	struct settings settings;
	struct segment *segment;
	struct listeners listeners;
	struct credentials credentials;
	struct workers *workers;
	struct sources *sources;
	int signal_fd; /* above it lie the supervisor's own descriptors, below what sessions share
			*/
	struct pidfh *pid_file;
	int pid_file_fd; /* locked; the one exception */
	pid_t pid;
	gid_t operators; /* group whose members are operators on the Unix socket; -1 none */
	bool users_exist;

	struct candidate *newcomer; /* whom an errand of admission.c forks a session for */
	int64_t accept_again_ms;    /* out of descriptors or processes: do not accept before */
	bool shortage_logged;
	struct refusals refusals;

	pid_t keeper;		  /* 0: none is running */
	int keeper_ready_fd;	  /* the running keeper's readiness; -1 */
	bool keeper_was_ready;	  /* once, since the start */
	int64_t keeper_again_ms;  /* start the next one then */
	unsigned keeper_failures; /* in a row, before it got ready */
	bool keeper_wait_logged;  /* that it can't even be started */

	struct notify notify;
	int64_t watchdog_ms;	    /* look then whether the keeper's loop turns */
	uint64_t keeper_turns;	    /* of its loop, at the last look */
	int clerk_call, clerk_desk; /* what sessions inherit, and what the clerk reads */
	pid_t clerk;		    /* 0: none is running */
	int64_t clerk_again_ms;	    /* start the next one then */
	bool clerk_wait_logged;	    /* that it can't be started */

	bool ending;
	int64_t reap_ms;       /* bury what else has died then */
	int64_t kill_ms;       /* end by force then */
	bool relays_uncertain; /* the keeper did not say that it opened all */
	int64_t lock_check_ms; /* look after a stopped lock holder then */
	int exit_status;
};

/*
 * The loop, behind the wall of session/sandbox.h: runs until the end; exit_status tells how it was.
 * Everything that can fail at start has been done, errands_begin too.
 */
void supervisor_run(struct supervisor *);

/* admission.c: take what waits at the listener, bounded; fork a session for each. */
void admission_accept(struct supervisor *, struct listener *);

/*
 * reaper.c: bury the worker whose death is told, and soon those that have died with it, of whom no
 * signal tells; or every dead worker now, for which the kernel looks at all that live.
 */
void reaper_take(struct supervisor *, pid_t);
void reaper_run(struct supervisor *);

/* keeper_care.c */
void keeper_start(struct supervisor *);		   /* an errand */
void keeper_ready_read(struct supervisor *);	   /* keeper_ready_fd is readable */
void keeper_watch(struct supervisor *);		   /* watchdog_ms has come */
void keeper_died(struct supervisor *, int status); /* status as of waitpid(2) */

/* clerk_care.c */
int clerk_prepare(struct supervisor *);		  /* the sockets; 0, or -1 with errno */
void clerk_start(struct supervisor *);		  /* an errand */
void clerk_died(struct supervisor *, int status); /* as keeper_died */
void clerk_renew(struct supervisor *);		  /* settings have changed; an errand */

/* ending.c: errands, all of them */
void ending_begin(struct supervisor *);	 /* the shutdown flag is set: tell everybody */
void ending_force(struct supervisor *);	 /* time is up */
void ending_finish(struct supervisor *); /* nobody is left: see that the relays are open */

#endif
