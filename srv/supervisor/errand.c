/*
 * errand.c: a thread outside the wall. Invariant: of the two threads one is always waiting, for
 * `wanted` or for `done`.
 */
#include "supervisor/errand.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

enum { STACK_BYTES = 1024 * 1024 };

static struct {
	sem_t wanted, done;
	void (*run)(struct supervisor *);
	struct supervisor *supervisor;
} errand;

/* Signals are blocked or ignored here, yet a debugger or a stop ends a wait too. */
static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) == -1 && errno == EINTR)
		;
}

static void *errands_do(void *nothing)
{
	for (;;) {
		wait_for(&errand.wanted);
		errand.run(errand.supervisor);
		(void)sem_post(&errand.done); /* fails only at SEM_VALUE_MAX, not at 1 */
	}
	return nothing;
}

int errands_begin(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	/* A heap of the thread's own would be mapped, and copied at every fork. */
	(void)mallopt(M_ARENA_MAX, 1); /* a sanitizer's allocator has no such thing to set */
	if (sem_init(&errand.wanted, 0, 0) == -1 || sem_init(&errand.done, 0, 0) == -1)
		return -1;
	errno = pthread_attr_init(&attributes);
	if (errno == 0)
		errno = pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (errno == 0)
		errno = pthread_create(&thread, &attributes, errands_do, NULL);
	return errno == 0 ? 0 : -1;
}

void errand_run(void (*run)(struct supervisor *), struct supervisor *supervisor)
{
	errand.run = run;
	errand.supervisor = supervisor;
	(void)sem_post(&errand.wanted); /* as above */
	wait_for(&errand.done);
}
