#ifndef STATE_LOCK_H
#define STATE_LOCK_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A lock that survives any death: an owner word taken by compare-and-swap, with a POSIX semaphore
 * as parking lot for those who wait. Why a death at each step is harmless stands in lock.c. Nobody
 * forks while holding it; the supervisor never waits for it.
 */
struct state_lock {
	/*
	 * 0 free; else the holder's pid in the low half and in the high half the low 32 bits of
	 * the CLOCK_MONOTONIC milliseconds of the taking. One word, so that nobody ever sees a
	 * holder with another's time.
	 */
	_Atomic uint64_t owner;
	sem_t parking; /* process-shared; a token says: look at the owner again */
};

int lock_init(struct state_lock *); /* 0, or -1 with sem_init's errno */

/*
 * Take it, waiting at most limit_ms (0 does not wait). 0, or -1 with errno EBUSY: its holder was
 * stopped or is stuck.
 */
int lock_take(struct state_lock *, int64_t limit_ms);
void lock_release(struct state_lock *);

pid_t lock_holder(struct state_lock *); /* 0: nobody */

/* The holder, if it has held the lock for longer than limit_ms (less than 24 days), or 0. */
pid_t lock_overdue(struct state_lock *, int64_t limit_ms);

/*
 * Supervisor, dead not yet reaped: free the lock if dead holds it, and heal lost wake-ups. What the
 * lock guards must be whole again before. Never blocks.
 */
void lock_repair(struct state_lock *, pid_t dead);

#endif
