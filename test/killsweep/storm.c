/*
 * storm.c: deaths at moments that nobody chose. Invariant: the supervisor's part, which is this
 * process, never waits for the lock unless to find out that it can't be had.
 */
#include "storm.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "carried.h"
#include "clock.h"
#include "queue_check.h"
#include "state/lock.h"
#include "state/requests.h"
#include "state/segment_layout.h"
#include "victim.h"

enum {
	SESSIONS = 6,
	KEEPER = SESSIONS, /* its place among the workers */
	WORKERS,
	HANG_MS = 10000,
	LOCK_MS = 2000,
	LIFE_MAX_NS = 2000000, /* between two deaths */
};

/* What a session's end means. */
enum { SESSION_HUNG = 1, SESSION_BETRAYED };

struct storm {
	struct segment *segment;
	pid_t worker[WORKERS];
	int slot[WORKERS];
};

/* Ask until killed; it ends by itself only with a finding. */
static int session_work(struct segment *segment, void *slot)
{
	struct answer answer;

	for (int number = getpid() % 1000 + 1;; number++) {
		struct request request = request_carrying(number);
		if (request_ask(segment, *(int *)slot, &request, HANG_MS, &answer) == 0) {
			if (!answer_carries(&answer, number))
				return SESSION_BETRAYED;
		} else if (errno != ECONNRESET) {
			return SESSION_HUNG;
		}
	}
}

static int keeper_work(struct segment *segment, void *unused)
{
	struct pollfd wake = {.fd = requests_descriptor(segment), .events = POLLIN};
	struct request_ticket ticket;
	struct request request;
	uint64_t count;

	(void)unused; /* child_work's signature */
	for (;;) {
		int taken = request_take(segment, &request, &ticket);
		if (taken == 1) {
			struct answer answer = answer_carrying(request.number);
			request_answer(segment, &ticket, &answer);
		} else if (taken == 0 && (poll(&wake, 1, -1) == -1 ||
					  read(wake.fd, &count, sizeof(count)) == -1)) {
			return 1;
		}
	}
}

static void worker_start(struct storm *storm, int place)
{
	storm->slot[place] = place;
	storm->worker[place] = child_start(place == KEEPER ? keeper_work : session_work,
					   storm->segment, &storm->slot[place]);
}

static const char *death_fault(struct storm *storm, int place)
{
	struct state_lock *lock = &storm->segment->shared->lock;
	int status;

	if (kill(storm->worker[place], SIGKILL) == -1)
		give_up("kill");
	status = child_bury(storm->worker[place], storm->segment, HANG_MS);
	storm->worker[place] = 0;
	if (status != CHILD_SIGNALLED)
		return status == SESSION_BETRAYED ? "a session got another's answer"
						  : "a session hung";
	if (place == KEEPER)
		requests_abandon(storm->segment);
	if (lock_take(lock, LOCK_MS) == -1)
		return "the lock could not be had";
	const char *fault = queue_fault(storm->segment);
	lock_release(lock);
	return fault;
}

/* Let them live for a random while. */
static void pause_random(unsigned short seed[3])
{
	struct timespec pause = {.tv_nsec = nrand48(seed) % LIFE_MAX_NS};

	(void)nanosleep(&pause, NULL); /* a shorter one is as good */
}

unsigned storm_run(unsigned seconds, unsigned *faults, const char **why)
{
	struct storm storm = {.segment = segment_create("/sprinkled.storm", WORKERS)};
	unsigned short seed[3] = {(unsigned short)getpid()};
	int64_t end_ms = clock_monotonic_ms() + (int64_t)seconds * 1000;
	unsigned deaths = 0;

	if (!storm.segment)
		give_up("segment_create");
	for (int place = 0; place < WORKERS; place++)
		worker_start(&storm, place);
	*why = NULL;
	while (!*why && clock_monotonic_ms() < end_ms) {
		int place = (int)(nrand48(seed) % WORKERS);
		pause_random(seed);
		*why = death_fault(&storm, place);
		if (!*why)
			deaths++;
		worker_start(&storm, place);
	}
	for (int place = 0; place < WORKERS; place++)
		if (kill(storm.worker[place], SIGKILL) == -1 ||
		    child_bury(storm.worker[place], storm.segment, HANG_MS) == CHILD_STUCK)
			give_up("a worker does not die");
	*faults = *why != NULL;
	segment_destroy(storm.segment);
	return deaths;
}
