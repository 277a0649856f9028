/*
 * requests.c: the way from a session to the keeper and back. The queue's words change only under
 * the lock and only by update.h, so they are wholly old or wholly new after any death. Invariant:
 * a slot stands in the queue at most once, and then its newest request is the one meant.
 *
 * Numbers of a slot's requests grow for ever, also from one client of the slot to the next. They
 * make every leftover harmless: a request is written to the copy that its predecessor does not
 * use; an answer is for one number, and whoever waits for another one goes on waiting; a wake-up
 * that nobody consumed makes the next wait look once more.
 *
 * Why a death at each step is harmless:
 *
 *   asker, before the commit   the half-written request is in the unused copy.
 *   asker, after it            the request stands; the keeper acts on it, as if the asker had died
 *                              a moment later. Without the wake-up it stands until the next one.
 *   keeper, taking             the request is in the queue, or is lost with the keeper.
 *   keeper, answering          answered still is an older number.
 *   keeper, having answered    the asker sleeps on an answer that is there, until the next line.
 *   keeper, any of the three   requests_abandon wakes and tells who waits; who files meanwhile
 *                              belongs to the next keeper or is told: see there.
 */
#include "state/requests.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "clock.h"
#include "state/segment_layout.h"

enum {
	ASKER_LOCK_LIMIT_MS = 2000,
	KEEPER_LOCK_LIMIT_MS = 20, /* it has water to look after */
};

/*
 * Get the memory of an asker's cell before it is needed: no room is an error of this asker and not
 * a SIGBUS of the keeper. Kernels before 5.14 do not know the advice; there a full file system
 * costs the process that touches the cell first.
 */
static int cell_populate(struct request_cell *cell)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = (uintptr_t)cell / page * page;
	uintptr_t end = ((uintptr_t)(cell + 1) + page - 1) / page * page;

	if (madvise((void *)begin, end - begin, MADV_POPULATE_WRITE) == 0 || errno == EINVAL)
		return 0;
	errno = ENOSPC;
	return -1;
}

/* A request on its way, as its asker knows it. */
struct filed {
	uint32_t number; /* of the slot's requests */
	uint32_t life;	 /* which keeper it is for */
};

/* Put the request into the queue. 0, or -1 with errno EBUSY. */
static int request_file(struct segment *segment, int slot, const struct request *request,
			int64_t limit_ms, struct filed *filed)
{
	struct shared *shared = segment->shared;
	struct request_queue *queue = &shared->queue;
	struct asker *asker = &segment->askers[slot];
	struct update update = segment_update(segment);

	if (lock_take(&shared->lock, limit_ms) == -1)
		return -1;
	filed->number = asker->number + 1;
	filed->life = queue->keeper_life;
	segment->requests[slot].request[filed->number % 2] = *request;
	update_set(&update, &asker->number, filed->number);
	update_set(&update, &asker->life, filed->life);
	if (!asker->queued) {
		update_set(&update, &asker->queued, 1);
		update_set(&update, &shared->queued_slot[queue->filed % SLOTS_MAX], (uint32_t)slot);
		update_set(&update, &queue->filed, queue->filed + 1);
	}
	update_commit(&update);
	lock_release(&shared->lock);
	return 0;
}

/*
 * Wait for the answer, or for the death of the keeper that was asked. Both are looked at after
 * each wake-up and once more when time is up, so that none can be missed.
 */
static int answer_wait(struct segment *segment, int slot, const struct filed *filed,
		       const struct timespec *limit)
{
	struct asker *asker = &segment->askers[slot];
	bool in_time = true;

	for (;;) {
		if (asker->answered == filed->number)
			return 0;
		if (segment->shared->queue.keeper_life != filed->life) {
			errno = ECONNRESET;
			return -1;
		}
		if (!in_time) {
			errno = ETIMEDOUT;
			return -1;
		}
		in_time =
			sem_clockwait(&asker->wake, CLOCK_MONOTONIC, limit) == 0 || errno == EINTR;
	}
}

int request_ask(struct segment *segment, int slot, const struct request *request, int64_t limit_ms,
		struct answer *answer)
{
	struct timespec limit = clock_monotonic_after(limit_ms);
	struct filed filed;

	if (cell_populate(&segment->requests[slot]) == -1)
		return -1;
	if (request_file(segment, slot, request,
			 limit_ms < ASKER_LOCK_LIMIT_MS ? limit_ms : ASKER_LOCK_LIMIT_MS,
			 &filed) == -1)
		return -1;
	requests_wake(segment);
	if (answer_wait(segment, slot, &filed, &limit) == -1)
		return -1;
	/* The keeper writes there again only for a later request of this slot: that is, of ours. */
	*answer = segment->requests[slot].answer;
	return 0;
}

/*
 * Remove the queue's first slot. Returns its number, or -1 with errno EPROTO when what stands there
 * is none: somebody wrote over it.
 */
static int queue_shift(struct segment *segment)
{
	struct shared *shared = segment->shared;
	struct request_queue *queue = &shared->queue;
	struct update update = segment_update(segment);
	uint32_t slot = shared->queued_slot[queue->taken % SLOTS_MAX];

	if (slot >= segment->max_clients) {
		errno = EPROTO;
		return -1;
	}
	update_set(&update, &segment->askers[slot].queued, 0);
	update_set(&update, &queue->taken, queue->taken + 1);
	update_commit(&update);
	return (int)slot;
}

int request_take(struct segment *segment, struct request *request, struct request_ticket *ticket)
{
	struct request_queue *queue = &segment->shared->queue;
	int taken = 0;

	if (queue->taken == queue->filed)
		return 0; /* who files now wakes us afterwards */
	if (lock_take(&segment->shared->lock, KEEPER_LOCK_LIMIT_MS) == -1)
		return -1;
	while (taken == 0 && queue->taken != queue->filed) {
		int slot = queue_shift(segment);
		if (slot == -1) {
			taken = -1;
			break;
		}
		struct asker *asker = &segment->askers[slot];
		if (asker->life != queue->keeper_life)
			continue; /* it was for a dead keeper, and its asker has been told so */
		*ticket = (struct request_ticket){.slot = slot, .number = asker->number};
		*request = segment->requests[slot].request[ticket->number % 2];
		taken = 1;
	}
	lock_release(&segment->shared->lock);
	return taken;
}

void request_answer(struct segment *segment, const struct request_ticket *ticket,
		    const struct answer *answer)
{
	struct asker *asker = &segment->askers[ticket->slot];

	if (asker->number != ticket->number)
		return; /* the asker gave up and has asked something else since */
	segment->requests[ticket->slot].answer = *answer;
	asker->answered = ticket->number;
	(void)sem_post(&asker->wake); /* fails only at SEM_VALUE_MAX: then it is awake */
}

void requests_wake(const struct segment *segment)
{
	const uint64_t one = 1;

	/* It can only fail when the count is at its end: then the keeper is awake. */
	(void)!write(segment->wake, &one, sizeof(one));
}

int requests_descriptor(const struct segment *segment)
{
	return segment->wake;
}

void requests_attach(struct segment *segment, int descriptor)
{
	segment->wake = descriptor;
}

/*
 * Without the lock, which a live session may hold: the queue stays as it is, and request_take
 * passes over what was filed in an earlier keeper's life. Who has filed is woken, answered or not,
 * since the keeper may have died between its answer and the wake-up. Who files in this moment
 * either is seen below, or sees the new life before it sleeps: it stores its number and then looks
 * at the life, we store the life and then look at the numbers.
 */
void requests_abandon(struct segment *segment)
{
	segment->shared->queue.keeper_life++;
	for (unsigned slot = 0; slot < segment->max_clients; slot++) {
		struct asker *asker = &segment->askers[slot];
		if (asker->number != 0)
			(void)sem_post(&asker->wake); /* as above */
	}
}
