/* players.c: see players.h. Nothing here is special to one scene. */
#include "players.h"

#include <errno.h>
#include <unistd.h>
#include "carried.h"
#include "queue_check.h"
#include "state/lock.h"
#include "state/segment_layout.h"

static struct request wanted_request;
static struct answer wanted_answer;

void players_prepare(void)
{
	wanted_request = request_carrying(WANTED);
	wanted_answer = answer_carrying(WANTED);
}

static bool leave(struct segment *segment, int slot, const struct request *request)
{
	static struct answer answer;

	return request_ask(segment, slot, request, 0, &answer) == -1 && errno == ETIMEDOUT;
}

bool request_leave(struct segment *segment, int slot, int number)
{
	struct request request = request_carrying(number);

	return leave(segment, slot, &request);
}

int leave_wanted(struct segment *segment, void *argument)
{
	(void)argument; /* see players.h */
	return leave(segment, VICTIM, &wanted_request) ? 0 : 1;
}

int ask_wanted(struct segment *segment, void *argument)
{
	static struct answer answer;

	(void)argument; /* see players.h */
	if (request_ask(segment, VICTIM, &wanted_request, LONG_MS, &answer) == -1)
		return errno == ECONNRESET ? TOLD_RESET : TOLD_WRONG;
	return answer_carries(&answer, WANTED) ? TOLD_ANSWER : TOLD_WRONG;
}

int take_and_release(struct segment *segment, void *argument)
{
	struct state_lock *lock = &segment->shared->lock;

	(void)argument; /* see players.h */
	if (lock_take(lock, LONG_MS) == -1)
		return 1;
	bool alone = lock_holder(lock) == getpid() && segment->shared->redo.valid == 0;
	lock_release(lock);
	return alone ? 0 : 1;
}

int keep(struct segment *segment, void *argument)
{
	struct request_ticket ticket;
	struct request request;

	(void)argument; /* see players.h */
	if (request_take(segment, &request, &ticket) != 1)
		return 1;
	request_answer(segment, &ticket, &wanted_answer);
	return 0;
}

int next_number(struct segment *segment, int slot)
{
	struct request_ticket ticket;
	struct request request;
	int taken = request_take(segment, &request, &ticket);

	if (taken != 1)
		return taken;
	if (ticket.slot != slot || !request_carries(&request, request.number))
		return -1;
	return request.number;
}

const char *segment_fault(struct segment *segment)
{
	if (lock_take(&segment->shared->lock, 0) == -1)
		return "the lock is not free";
	const char *fault = queue_fault(segment);
	lock_release(&segment->shared->lock);
	return fault;
}

enum outcome trial_fail(struct trial *trial, const char *why)
{
	trial->why = why;
	return OUTCOME_FAILED;
}
