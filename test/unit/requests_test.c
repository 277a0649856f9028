/*
 * Requests and their answers, with the test as the keeper and its children as sessions; and what is
 * left over by those who give up or die.
 */

#include "state_fixture.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include "state/lock.h"
#include "clock.h"
#include "state/requests.h"
#include "state/segment_layout.h"

enum { LONG_MS = 30000 };

static struct request request_for(int number)
{
	return (struct request){.kind = REQUEST_LEVEL, .number = number};
}

static struct answer answer_for(int number)
{
	struct answer answer = {.code = 200};

	(void)snprintf(answer.text, sizeof(answer.text), "level %d", number); /* short */
	answer.relay[RELAYS_MAX - 1].when_ns = number;
	return answer;
}

/* A child's part: which slot asks for which number, and how long it waits. */
struct asking {
	int slot, number;
	int64_t limit_ms;
};

/* Ask. 0: the answer was for this number; 1: for another; else the errno. */
static int ask(struct segment *segment, void *argument)
{
	const struct asking *asking = argument;
	struct request request = request_for(asking->number);
	struct answer answer, wanted = answer_for(asking->number);

	if (request_ask(segment, asking->slot, &request, asking->limit_ms, &answer) == -1)
		return errno;
	return answer.code != wanted.code || strcmp(answer.text, wanted.text) != 0 ||
	       answer.relay[RELAYS_MAX - 1].when_ns != wanted.relay[RELAYS_MAX - 1].when_ns;
}

/* A child that asks and waits. */
static pid_t asker_start(struct segment *segment, int slot, int number)
{
	struct asking asking = {.slot = slot, .number = number, .limit_ms = LONG_MS};
	pid_t pid = child_start(ask, segment, &asking);

	child_await_sleep(pid);
	return pid;
}

static bool keeper_is_woken(struct segment *segment, int within_ms)
{
	struct pollfd wake = {.fd = requests_descriptor(segment), .events = POLLIN};
	uint64_t count;

	return poll(&wake, 1, within_ms) == 1 && read(wake.fd, &count, sizeof(count)) > 0;
}

static void take(struct segment *segment, int slot, int number, struct request_ticket *ticket)
{
	struct request request;

	assert_int_equal(request_take(segment, &request, ticket), 1);
	assert_int_equal(request.kind, REQUEST_LEVEL);
	assert_int_equal(request.number, number);
	assert_int_equal(ticket->slot, slot);
}

static void assert_nothing_filed(struct segment *segment)
{
	struct request_ticket ticket;
	struct request request;

	assert_int_equal(request_take(segment, &request, &ticket), 0);
}

static void answer(struct segment *segment, const struct request_ticket *ticket, int number)
{
	struct answer given = answer_for(number);

	request_answer(segment, ticket, &given);
}

static void asked_and_answered(void **state)
{
	struct request_ticket ticket;

	assert_nothing_filed(*state);
	assert_false(keeper_is_woken(*state, 0));
	pid_t asker = asker_start(*state, 5, 42);
	assert_true(keeper_is_woken(*state, LONG_MS));
	take(*state, 5, 42, &ticket);
	assert_nothing_filed(*state);
	answer(*state, &ticket, 42);
	assert_int_equal(child_bury(*state, asker), 0);
}

static void first_come_first_served(void **state)
{
	static const int slots[] = {7, 3, 99, 0};
	struct request_ticket ticket;
	pid_t asker[4];

	for (int i = 0; i < 4; i++)
		asker[i] = asker_start(*state, slots[i], i);
	for (int i = 0; i < 4; i++) {
		take(*state, slots[i], i, &ticket);
		answer(*state, &ticket, i);
		assert_int_equal(child_bury(*state, asker[i]), 0);
	}
	assert_nothing_filed(*state);
}

/* More requests than the queue has places, so that its counts go round. */
static void queue_goes_round(void **state)
{
	struct request_ticket ticket;

	((struct segment *)*state)->shared->queue.filed = UINT32_MAX - 10;
	((struct segment *)*state)->shared->queue.taken = UINT32_MAX - 10;
	for (int i = 0; i < 50; i++) {
		pid_t first = asker_start(*state, 1, i), second = asker_start(*state, 2, i + 1);
		take(*state, 1, i, &ticket);
		answer(*state, &ticket, i);
		take(*state, 2, i + 1, &ticket);
		answer(*state, &ticket, i + 1);
		assert_int_equal(child_bury(*state, first), 0);
		assert_int_equal(child_bury(*state, second), 0);
	}
	assert_nothing_filed(*state);
}

static void silence_times_out(void **state)
{
	struct asking asking = {.slot = 1, .number = 1, .limit_ms = 50};
	int64_t began_ms = clock_monotonic_ms();

	assert_int_equal(ask(*state, &asking), ETIMEDOUT);
	assert_true(clock_monotonic_ms() - began_ms >= 50);
}

static void late_answer_reaches_nobody(void **state)
{
	struct asking asking = {.slot = 1, .number = 1, .limit_ms = 1};
	struct request_ticket late, ticket;

	assert_int_equal(ask(*state, &asking), ETIMEDOUT);
	take(*state, 1, 1, &late);
	pid_t asker = asker_start(*state, 1, 2);
	answer(*state, &late, 1);
	take(*state, 1, 2, &ticket);
	child_stop(asker); /* so that it reads when all of this has happened */
	answer(*state, &ticket, 2);
	answer(*state, &late, 1);
	assert_int_equal(kill(asker, SIGCONT), 0);
	assert_int_equal(child_bury(*state, asker), 0);
}

static void answer_in_vain_does_not_disturb_the_next(void **state)
{
	struct asking asking = {.slot = 1, .number = 1, .limit_ms = 1};
	struct request_ticket ticket;

	assert_int_equal(ask(*state, &asking), ETIMEDOUT);
	take(*state, 1, 1, &ticket);
	answer(*state, &ticket, 1); /* its wake-up stays behind */
	pid_t asker = asker_start(*state, 1, 2);
	take(*state, 1, 2, &ticket);
	answer(*state, &ticket, 2);
	assert_int_equal(child_bury(*state, asker), 0);
}

static void newest_replaces_what_was_given_up(void **state)
{
	struct asking asking = {.slot = 1, .number = 1, .limit_ms = 0};
	struct request_ticket ticket;

	for (asking.number = 1; asking.number <= SLOTS_MAX + 1; asking.number++)
		assert_int_equal(ask(*state, &asking), ETIMEDOUT);
	pid_t asker = asker_start(*state, 1, 7);
	take(*state, 1, 7, &ticket);
	assert_nothing_filed(*state);
	answer(*state, &ticket, 7);
	assert_int_equal(child_bury(*state, asker), 0);
}

static void slot_of_a_dead_asker_is_used_again(void **state)
{
	struct request_ticket dead, ticket;
	pid_t asker = asker_start(*state, 1, 1);

	child_kill(*state, asker);
	take(*state, 1, 1, &dead);
	asker = asker_start(*state, 1, 2);
	answer(*state, &dead, 1);
	take(*state, 1, 2, &ticket);
	answer(*state, &ticket, 2);
	assert_int_equal(child_bury(*state, asker), 0);

	/* The same with the dead one's request still in the queue. */
	asker = asker_start(*state, 1, 3);
	child_kill(*state, asker);
	asker = asker_start(*state, 1, 4);
	take(*state, 1, 4, &ticket);
	assert_nothing_filed(*state);
	answer(*state, &ticket, 4);
	assert_int_equal(child_bury(*state, asker), 0);
}

static void dead_keeper_is_told_to_all(void **state)
{
	struct request_ticket ticket;
	pid_t taken = asker_start(*state, 1, 1), filed = asker_start(*state, 2, 2);

	take(*state, 1, 1, &ticket);
	requests_abandon(*state);
	assert_int_equal(child_bury(*state, taken), ECONNRESET);
	assert_int_equal(child_bury(*state, filed), ECONNRESET);
	assert_nothing_filed(*state);

	/* The next keeper gets what is filed from now on, by the same and by others. */
	filed = asker_start(*state, 2, 3);
	pid_t other = asker_start(*state, 3, 4);
	take(*state, 2, 3, &ticket);
	answer(*state, &ticket, 3);
	take(*state, 3, 4, &ticket);
	answer(*state, &ticket, 4);
	assert_int_equal(child_bury(*state, filed), 0);
	assert_int_equal(child_bury(*state, other), 0);
}

/* What was filed for the old keeper and is still queued makes way for the slot's new request. */
static void filed_again_after_abandon_is_taken_once(void **state)
{
	struct request_ticket ticket;
	pid_t first = asker_start(*state, 1, 1), second = asker_start(*state, 2, 2);

	requests_abandon(*state);
	assert_int_equal(child_bury(*state, first), ECONNRESET);
	assert_int_equal(child_bury(*state, second), ECONNRESET);
	first = asker_start(*state, 1, 3);
	take(*state, 1, 3, &ticket);
	assert_nothing_filed(*state);
	answer(*state, &ticket, 3);
	assert_int_equal(child_bury(*state, first), 0);
}

static int hold(struct segment *segment, void *unused)
{
	(void)unused; /* child_start's signature */
	if (lock_take(&segment->shared->lock, LONG_MS) == -1)
		return 1;
	for (;;)
		pause();
}

static void frozen_holder_makes_both_sides_busy(void **state)
{
	struct asking asking = {.slot = 2, .number = 2, .limit_ms = 30};
	struct request_ticket ticket;
	struct request request;
	pid_t asker = asker_start(*state, 1, 1), holder = child_start(hold, *state, NULL);

	child_await_sleep(holder);
	child_stop(holder);
	assert_int_equal(ask(*state, &asking), EBUSY);
	errno = 0;
	assert_int_equal(request_take(*state, &request, &ticket), -1);
	assert_int_equal(errno, EBUSY);
	child_kill(*state, holder);
	take(*state, 1, 1, &ticket);
	answer(*state, &ticket, 1);
	assert_int_equal(child_bury(*state, asker), 0);
	assert_nothing_filed(*state);
}

static void overwritten_queue_is_noticed(void **state)
{
	struct segment *segment = *state;
	struct request_ticket ticket;
	struct request request;
	pid_t asker = asker_start(segment, 1, 1);

	assert_int_equal(segment_check(segment), 0);
	segment->shared->queued_slot[segment->shared->queue.taken % SLOTS_MAX] = STATE_CLIENTS;
	assert_int_equal(request_take(segment, &request, &ticket), -1);
	assert_int_equal(errno, EPROTO);
	assert_int_equal(segment_check(segment), -1);
	assert_int_equal(errno, EPROTO);
	assert_int_equal(lock_take(&segment->shared->lock, 0), 0);
	child_kill(segment, asker);
}

/* As when the file system is full: the asker is refused, nobody gets SIGBUS. */
static void asker_without_memory_is_refused(void **state)
{
	struct asking asking = {.slot = STATE_CLIENTS - 1, .number = 1, .limit_ms = LONG_MS};
	struct segment *segment = *state;
	off_t cells = (unsigned char *)segment->requests - (unsigned char *)segment->shared;

	assert_int_equal(ftruncate(segment_descriptor(segment), cells), 0);
	assert_int_equal(ask(segment, &asking), ENOSPC);
	assert_nothing_filed(segment);
}

/* The keeper's side through a handle of its own, as the keeper program has it. */
static int keep(struct segment *created, void *count)
{
	struct segment *segment = segment_attach(segment_descriptor(created));
	struct request_ticket ticket;
	struct request request;

	if (!segment)
		return 1;
	requests_attach(segment, requests_descriptor(created));
	for (int left = *(int *)count; left > 0;) {
		struct pollfd wake = {.fd = requests_descriptor(segment), .events = POLLIN};
		uint64_t woken;
		if (poll(&wake, 1, -1) != 1 || read(wake.fd, &woken, sizeof(woken)) == -1)
			return 1;
		for (; request_take(segment, &request, &ticket) == 1; left--)
			answer(segment, &ticket, request.number);
	}
	return 0;
}

enum { ASKERS = 8, ASKED_EACH = 500 };

static int ask_often(struct segment *segment, void *slot)
{
	for (int i = 0; i < ASKED_EACH; i++) {
		struct asking asking = {.slot = *(int *)slot,
					.number = *(int *)slot * ASKED_EACH + i,
					.limit_ms = LONG_MS};
		int status = ask(segment, &asking);
		if (status != 0)
			return status;
	}
	return 0;
}

static void each_of_many_gets_its_own_answers(void **state)
{
	int count = ASKERS * ASKED_EACH;
	pid_t keeper = child_start(keep, *state, &count), asker[ASKERS];

	for (int slot = 0; slot < ASKERS; slot++)
		asker[slot] = child_start(ask_often, *state, &slot);
	for (int slot = 0; slot < ASKERS; slot++)
		assert_int_equal(child_bury(*state, asker[slot]), 0);
	assert_int_equal(child_bury(*state, keeper), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		segment_test(asked_and_answered),
		segment_test(first_come_first_served),
		segment_test(queue_goes_round),
		segment_test(silence_times_out),
		segment_test(late_answer_reaches_nobody),
		segment_test(answer_in_vain_does_not_disturb_the_next),
		segment_test(newest_replaces_what_was_given_up),
		segment_test(slot_of_a_dead_asker_is_used_again),
		segment_test(dead_keeper_is_told_to_all),
		segment_test(filed_again_after_abandon_is_taken_once),
		segment_test(frozen_holder_makes_both_sides_busy),
		segment_test(overwritten_queue_is_noticed),
		segment_test(asker_without_memory_is_refused),
		segment_test(each_of_many_gets_its_own_answers),
	};

	state_tests_bound();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
