/*
 * lock.c: one owner word decides who holds the lock; the semaphore only lets others sleep.
 * Invariant: whoever sleeps is woken after the word became 0, by the releaser or by the repair.
 *
 * Why a death at each step is harmless; P dies, the supervisor calls lock_repair(P) before it
 * reaps:
 *
 *   take, before the swap     P holds nothing.
 *   take, after the swap      the word names P: the repair clears it.
 *   parked                    P slept; the semaphore's own count of sleepers stays one too high,
 *                             which costs later posts a needless system call.
 *   token drawn, no swap yet  P has eaten the wake-up meant for another sleeper: the repair posts
 *                             a new one.
 *   release, word not yet 0   as after the swap; what the lock guards was finished before.
 *   release, word 0, no post  a sleeper may have missed its wake-up: the repair posts it.
 *   inside the post           the token may lie there with nobody woken: the repair draws it and
 *                             posts again, which wakes one.
 *
 * One post is enough however many sleep: who is woken and takes the lock posts at its release.
 * Between waitid(WNOWAIT) and waitpid P's pid cannot be another's, so a word that names P is P's.
 */
#include "state/lock.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>
#include "clock.h"

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "the owner word must be taken by one instruction");

static pid_t holder_of(uint64_t owner)
{
	return (pid_t)(uint32_t)owner;
}

int lock_init(struct state_lock *lock)
{
	lock->owner = 0;
	return sem_init(&lock->parking, 1, 0);
}

static bool owner_claim(struct state_lock *lock)
{
	uint64_t nobody = 0, me = (uint64_t)clock_monotonic_ms() << 32 | (uint32_t)getpid();

	return atomic_compare_exchange_strong(&lock->owner, &nobody, me);
}

int lock_take(struct state_lock *lock, int64_t limit_ms)
{
	if (owner_claim(lock))
		return 0;
	struct timespec limit = clock_monotonic_after(limit_ms);
	for (;;) {
		int drawn = sem_clockwait(&lock->parking, CLOCK_MONOTONIC, &limit);
		int error = errno;
		/*
		 * Pairs with the fence of lock_release: either we see its 0, or it sees that the
		 * token is gone and posts another. ARM needs it.
		 */
		atomic_thread_fence(memory_order_seq_cst);
		if (owner_claim(lock))
			return 0;
		if (drawn == -1 && error != EINTR) {
			errno = EBUSY;
			return -1;
		}
	}
}

/* Let one sleeper look again, unless a token that does so lies there already. */
static void parking_post(struct state_lock *lock)
{
	int tokens;

	if (sem_getvalue(&lock->parking, &tokens) == 0 && tokens == 0)
		(void)sem_post(&lock->parking); /* fails only at SEM_VALUE_MAX, not at 1 */
}

void lock_release(struct state_lock *lock)
{
	lock->owner = 0;
	atomic_thread_fence(memory_order_seq_cst); /* see lock_take */
	parking_post(lock);
}

pid_t lock_holder(struct state_lock *lock)
{
	return holder_of(lock->owner);
}

pid_t lock_overdue(struct state_lock *lock, int64_t limit_ms)
{
	uint64_t owner = lock->owner;
	uint32_t held_ms = (uint32_t)clock_monotonic_ms() - (uint32_t)(owner >> 32);

	/* A taking after our look at the clock makes held_ms negative: that holder is new. */
	return owner != 0 && (int32_t)held_ms > limit_ms ? holder_of(owner) : 0;
}

void lock_repair(struct state_lock *lock, pid_t dead)
{
	if (lock_holder(lock) == dead)
		lock->owner = 0;
	/* A token that wakes nobody must not pass for one that does. */
	while (sem_trywait(&lock->parking) == 0)
		;
	(void)sem_post(&lock->parking); /* as in parking_post */
}
