#ifndef STATE_LOCK_H
#define STATE_LOCK_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A lock that survives any death: an owner word taken by compare-and-swap of the pid, with a POSIX
 * semaphore as parking lot for those who wait. Why a death at each step is harmless stands in
 * lock.c, step by step. Nobody forks while holding it; the supervisor never waits for it.
 */
struct state_lock {
	_Atomic pid_t owner;       /* 0 free */
	_Atomic int64_t taken_ns;  /* CLOCK_MONOTONIC of the taking, for lock_overdue */
	_Atomic uint32_t waiters;  /* a hint; a wrong value costs a wake-up, never a hang */
	sem_t parking;             /* process-shared; at most one token lies in it */
};

int lock_init(struct state_lock *); /* 0, or -1 with sem_init's errno */

/* Take it, waiting at most limit_ms. 0, or -1 with errno EBUSY (a stopped holder). */
int lock_take(struct state_lock *, int64_t limit_ms);
void lock_release(struct state_lock *);

/* Supervisor, dead not yet reaped: free it if dead holds it, and heal lost wake-ups. */
void lock_repair(struct state_lock *, pid_t dead);

#endif
