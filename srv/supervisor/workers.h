#ifndef SUPERVISOR_WORKERS_H
#define SUPERVISOR_WORKERS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The living children: which pid is which, and the process group they share. The group outlives
 * any of its members; it is made anew when nobody is left in it. Only the supervisor looks here.
 */
struct workers;

enum worker_kind { WORKER_SESSION, WORKER_KEEPER, WORKER_CLERK };

struct worker {
	pid_t pid;
	enum worker_kind kind;
	int slot;   /* sessions: the client's slot */
	int source; /* sessions: number from source_enter, to be given back */
};

struct workers *workers_create(unsigned max); /* NULL with ENOMEM; max: how many at once */
void workers_destroy(struct workers *);

/* What a child passes to worker_join or worker_begin: read it before fork. 0: the child founds the
 * group. */
pid_t workers_group(const struct workers *);

/* In the child, first thing (process_end is the last): join the group. 0, or -1 with setpgid's
 * errno. */
int worker_join(pid_t group);

/*
 * The same for one that has nothing to put right: SIGTERM ends it when the supervisor dies. -1 with
 * ESRCH: that has happened already.
 */
int worker_begin(pid_t group, pid_t supervisor);

void worker_add(struct workers *, const struct worker *); /* after fork, in the supervisor */

/* Forget pid, once it is reaped; false when it is none of ours. */
bool worker_remove(struct workers *, pid_t pid, struct worker *);

unsigned workers_count(const struct workers *);

/* Kill each by its pid, stopped or not: one that has left the group too. */
void workers_kill(const struct workers *);

/* Signal all of them through the group. Nobody there is no error. */
void workers_signal(const struct workers *, int signal);

#endif
