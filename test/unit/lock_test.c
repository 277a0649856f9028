/*
 * The lock among live processes, and after deaths at chosen places. Deaths at every place are the
 * kill sweep's, test/killsweep.
 */

#include "state_fixture.h"

#include <errno.h>
#include "state/lock.h"
#include "clock.h"
#include "state/segment_layout.h"

enum { LONG_MS = 30000 };

static struct state_lock *lock_of(struct segment *segment)
{
	return &segment->shared->lock;
}

static int tokens_of(struct segment *segment)
{
	int tokens;

	assert_int_equal(sem_getvalue(&lock_of(segment)->parking, &tokens), 0);
	return tokens;
}

/* Take it, say so by a byte, and hold it until killed. */
static int hold(struct segment *segment, void *pipe_end)
{
	if (lock_take(lock_of(segment), LONG_MS) == -1 || write(*(int *)pipe_end, "h", 1) != 1)
		return 1;
	for (;;)
		pause();
}

static pid_t holder_start(struct segment *segment)
{
	int ends[2];
	char byte;

	assert_int_equal(pipe(ends), 0);
	pid_t pid = child_start(hold, segment, &ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

static int take_and_release(struct segment *segment, void *unused)
{
	(void)unused; /* child_start's signature */
	if (lock_take(lock_of(segment), LONG_MS) == -1)
		return 1;
	lock_release(lock_of(segment));
	return 0;
}

static pid_t waiter_start(struct segment *segment)
{
	pid_t pid = child_start(take_and_release, segment, NULL);

	child_await_sleep(pid);
	return pid;
}

static void taken_and_released(void **state)
{
	struct state_lock *lock = lock_of(*state);

	assert_int_equal(lock_holder(lock), 0);
	assert_int_equal(lock_take(lock, 0), 0);
	assert_int_equal(lock_holder(lock), getpid());
	lock_release(lock);
	assert_int_equal(lock_holder(lock), 0);
	assert_int_equal(lock_take(lock, 0), 0);
}

static void held_by_another_is_busy(void **state)
{
	pid_t holder = holder_start(*state);
	int64_t began_ms = clock_monotonic_ms();

	errno = 0;
	assert_int_equal(lock_take(lock_of(*state), 0), -1);
	assert_int_equal(errno, EBUSY);
	assert_int_equal(lock_take(lock_of(*state), 50), -1);
	assert_int_equal(errno, EBUSY);
	assert_true(clock_monotonic_ms() - began_ms >= 50);
	assert_int_equal(lock_holder(lock_of(*state)), holder);
	child_kill(*state, holder);
}

static void waiter_gets_it_at_release(void **state)
{
	assert_int_equal(lock_take(lock_of(*state), 0), 0);
	pid_t first = waiter_start(*state), second = waiter_start(*state);
	lock_release(lock_of(*state));
	assert_int_equal(child_bury(*state, first), 0);
	assert_int_equal(child_bury(*state, second), 0);
}

static void dead_holder_is_followed_by_waiter(void **state)
{
	pid_t holder = holder_start(*state);
	pid_t first = waiter_start(*state), second = waiter_start(*state);

	child_kill(*state, holder);
	assert_int_equal(child_bury(*state, first), 0);
	assert_int_equal(child_bury(*state, second), 0);
	assert_int_equal(lock_take(lock_of(*state), 0), 0);
}

static void dead_waiter_leaves_holder_alone(void **state)
{
	pid_t holder = holder_start(*state), waiter = waiter_start(*state);

	child_kill(*state, waiter);
	assert_int_equal(lock_holder(lock_of(*state)), holder);
	assert_int_equal(lock_take(lock_of(*state), 0), -1);
	child_kill(*state, holder);
	assert_int_equal(lock_take(lock_of(*state), 0), 0);
}

static void tokens_do_not_pile_up(void **state)
{
	for (int i = 0; i < 1000; i++) {
		lock_repair(lock_of(*state), 1);
		assert_int_equal(lock_take(lock_of(*state), 0), 0);
		lock_release(lock_of(*state));
	}
	assert_int_equal(tokens_of(*state), 1);
}

static void frozen_holder_is_overdue(void **state)
{
	pid_t holder = holder_start(*state);
	int64_t began_ms = clock_monotonic_ms();

	child_stop(holder);
	assert_int_equal(segment_lock_overdue(*state, LONG_MS), 0);
	while (segment_lock_overdue(*state, 100) == 0)
		sched_yield();
	assert_true(clock_monotonic_ms() - began_ms >=
		    99); /* taken within the millisecond before */
	assert_int_equal(segment_lock_overdue(*state, 100), holder);
	child_kill(*state, holder);
	assert_int_equal(segment_lock_overdue(*state, 0), 0);
	assert_int_equal(lock_take(lock_of(*state), 0), 0);
}

static void overdue_survives_wrap_of_clock(void **state)
{
	_Atomic uint64_t *owner = &lock_of(*state)->owner;
	uint32_t now_ms = (uint32_t)clock_monotonic_ms();

	*owner = (uint64_t)(uint32_t)(now_ms - 5001) << 32 | 77;
	assert_int_equal(segment_lock_overdue(*state, 5000), 77);
	assert_int_equal(segment_lock_overdue(*state, LONG_MS), 0);
	/* Taken after the clock was looked at. */
	*owner = (uint64_t)(uint32_t)(now_ms + 1000) << 32 | 77;
	assert_int_equal(segment_lock_overdue(*state, 5000), 0);
	*owner = 0;
	assert_int_equal(segment_lock_overdue(*state, 0), 0);
}

enum { COUNTING_CHILDREN = 4, COUNTED = 20000 };

/* Count in a word that only the lock protects: an increment lost is a lock granted twice. */
static int count(struct segment *segment, void *unused)
{
	volatile uint32_t *word = (volatile uint32_t *)&segment->requests[0].request[0].number;

	(void)unused; /* child_start's signature */
	for (int i = 0; i < COUNTED; i++) {
		if (lock_take(lock_of(segment), LONG_MS) == -1)
			return 1;
		*word = *word + 1;
		lock_release(lock_of(segment));
	}
	return 0;
}

static void no_increment_is_lost(void **state)
{
	struct segment *segment = *state;
	pid_t pid[COUNTING_CHILDREN];

	for (int i = 0; i < COUNTING_CHILDREN; i++)
		pid[i] = child_start(count, segment, NULL);
	for (int i = 0; i < COUNTING_CHILDREN; i++)
		assert_int_equal(child_bury(segment, pid[i]), 0);
	assert_int_equal(segment->requests[0].request[0].number, COUNTING_CHILDREN * COUNTED);
}

/* A signal that comes while one waits neither ends the waiting nor grants the lock. */
static void handler(int signal)
{
	(void)signal; /* only its coming counts */
}

static int take_despite_signals(struct segment *segment, void *unused)
{
	const struct sigaction action = {.sa_handler = handler};

	return sigaction(SIGUSR1, &action, NULL) == 0 ? take_and_release(segment, unused) : 1;
}

static void signals_do_not_end_waiting(void **state)
{
	assert_int_equal(lock_take(lock_of(*state), 0), 0);
	pid_t waiter = child_start(take_despite_signals, *state, NULL);
	child_await_sleep(waiter);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(kill(waiter, SIGUSR1), 0);
		child_await_sleep(waiter);
	}
	lock_release(lock_of(*state));
	assert_int_equal(child_bury(*state, waiter), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		segment_test(taken_and_released),
		segment_test(held_by_another_is_busy),
		segment_test(waiter_gets_it_at_release),
		segment_test(dead_holder_is_followed_by_waiter),
		segment_test(dead_waiter_leaves_holder_alone),
		segment_test(tokens_do_not_pile_up),
		segment_test(frozen_holder_is_overdue),
		segment_test(overdue_survives_wrap_of_clock),
		segment_test(no_increment_is_lost),
		segment_test(signals_do_not_end_waiting),
	};

	state_tests_bound();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
