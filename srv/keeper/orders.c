/*
 * orders.c: what sessions ask for, and what is answered. A verdict on a relay is given after its
 * line was driven and read back. Invariant: an order changes either what it says or nothing.
 */
#include "keeper/keeper.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "clock.h"
#include "keeper/scheduling.h"
#include "log/log.h"
#include "reply.h"
#include "schedule/runner.h"
#include "span.h"
#include "stamp.h"

enum { NEAR_MS = 2 };

static int worse(int a, int b)
{
	return a > b ? a : b; /* 200 < 202 < 450 < 451: the codes are in order of trouble */
}

static bool is_named(const struct request *request, unsigned number)
{
	return (request->relays >> (number - 1)) & 1;
}

/* Ask the interlock; the verdict's code says what it said until the line has been read. */
static void relay_close_ask(struct keeper *keeper, const struct request *request, unsigned number,
			    struct relay_verdict *verdict)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];
	const struct relay_setting *setting = &keeper->settings.relay[number - 1];
	int64_t max_on_ms =
		setting->max_on_ms > 0 ? setting->max_on_ms : keeper->settings.max_on_ms;
	bool cut = request->span_ms == 0 || request->span_ms > max_on_ms;
	struct interlock_relay now;

	if (keeper->alarm) {
		verdict->code = REPLY_FAILED;
		snprintf(verdict->why, sizeof(verdict->why), "alarm: %s", keeper->alarm_why);
		return;
	}
	enum interlock_verdict said =
		interlock_close(keeper->interlock, clock_boot_ms(), number, request->span_ms,
				CAUSE_MANUAL, verdict->why, sizeof(verdict->why));
	interlock_relay(keeper->interlock, number, &now);
	/* Of one that is closed already there is only one thing to say: why it may not run longer.
	 */
	if (said == INTERLOCK_NEVER ||
	    (said == INTERLOCK_ALREADY && now.closed && verdict->why[0])) {
		verdict->code = REPLY_REFUSED;
		return;
	}
	verdict->code = said == INTERLOCK_LATER ? REPLY_LATER : REPLY_DONE;
	strlcpy(relay->by, request->by, sizeof(relay->by));
	relay->time_end = cut ? "max_on" : "done";
	relay->end = NULL;
	runner_manual(keeper->runner, scheduling_now_ns(), number, true,
		      (cut ? max_on_ms : request->span_ms) / 1000);
}

static void relay_open_ask(struct keeper *keeper, const struct request *request, unsigned number,
			   struct relay_verdict *verdict)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];
	enum interlock_verdict said = interlock_open(keeper->interlock, clock_boot_ms(), number);

	verdict->code = said == INTERLOCK_LATER ? REPLY_LATER : REPLY_DONE;
	if (said == INTERLOCK_LATER)
		strlcpy(verdict->why,
			number == keeper->settings.master ? "the master follows the others"
							  : "it switched a moment ago (min_switch)",
			sizeof(verdict->why));
	if (said == INTERLOCK_ALREADY)
		return;
	strlcpy(relay->by, request->by, sizeof(relay->by));
	relay->end = "opened";
	runner_manual(keeper->runner, scheduling_now_ns(), number, false, 0);
}

static bool wants_closed(struct keeper *keeper, const struct request *request, unsigned number)
{
	struct interlock_relay now;

	if (request->kind != REQUEST_TOGGLE)
		return request->kind == REQUEST_CLOSE;
	interlock_relay(keeper->interlock, number, &now);
	return !now.closed && !now.queued;
}

/* The lines have been driven and read: what is true of this relay now? */
static void verdict_settle(struct keeper *keeper, unsigned number, bool wanted,
			   struct relay_verdict *verdict)
{
	const struct relay_state *state = &keeper->table.relay[number - 1];

	verdict->closed = state->closed;
	verdict->until_ns = state->closed ? state->until_ns : 0;
	verdict->when_ns = wanted ? state->due_ns : state->until_ns;
	if (verdict->code == REPLY_DONE && state->queued)
		verdict->code = REPLY_LATER;
	if (verdict->code == REPLY_LATER && state->closed == wanted && !state->queued) {
		verdict->code = REPLY_DONE; /* its moment has come meanwhile */
		verdict->why[0] = '\0';
	}
	if (verdict->code == REPLY_DONE && state->closed != wanted) {
		verdict->code = REPLY_FAILED;
		snprintf(verdict->why, sizeof(verdict->why), "alarm: %s", keeper->alarm_why);
	}
}

/* A moment this near is waited for: the answer is then what is, and not what will be. */
static void near_moment_await(struct keeper *keeper)
{
	int64_t left_ms = keeper->next_ms - clock_boot_ms();
	const struct timespec pause = {.tv_nsec = left_ms * 1000000};

	if (keeper->next_ms < 0 || left_ms > NEAR_MS)
		return;
	if (left_ms > 0)
		(void)nanosleep(&pause, NULL); /* cut short it is answered as later: as true */
	keeper_advance(keeper);
}

static void relays_order(struct keeper *keeper, const struct request *request,
			 struct answer *answer)
{
	uint64_t wanted = 0;

	for (unsigned number = 1; number <= keeper->settings.relay_count; number++) {
		if (!is_named(request, number))
			continue;
		if (wants_closed(keeper, request, number)) {
			wanted |= UINT64_C(1) << (number - 1);
			relay_close_ask(keeper, request, number, &answer->relay[number - 1]);
		} else {
			relay_open_ask(keeper, request, number, &answer->relay[number - 1]);
		}
	}
	keeper_advance(keeper);
	near_moment_await(keeper);
	for (unsigned number = 1; number <= keeper->settings.relay_count; number++) {
		struct relay_verdict *verdict = &answer->relay[number - 1];
		if (!is_named(request, number))
			continue;
		verdict_settle(keeper, number, (wanted >> (number - 1)) & 1, verdict);
		answer->code = worse(answer->code, verdict->code);
	}
}

static void log_order(enum log_file file, const struct request *request, struct answer *answer)
{
	if (log_clear(file) == -1) {
		answer->code = REPLY_FAILED;
		strlcpy(answer->text, strerror(errno), sizeof(answer->text));
		return;
	}
	answer->code = REPLY_DONE;
	log_info("the %s log was cleared by %s", file == LOG_EVENTS ? "event" : "error",
		 request->by);
}

bool order_run(struct keeper *keeper, const struct request *request, struct answer *answer)
{
	switch (request->kind) {
	case REQUEST_OPEN:
	case REQUEST_CLOSE:
	case REQUEST_TOGGLE:
		relays_order(keeper, request, answer);
		break;
	case REQUEST_CLEAR_EVENTS:
		log_order(LOG_EVENTS, request, answer);
		break;
	case REQUEST_CLEAR_ERRORS:
		log_order(LOG_ERRORS, request, answer);
		break;
	default:
		scheduling_order(keeper, request, answer);
		keeper_advance(keeper);
		if (keeper->save_ms >= 0)
			scheduling_save(keeper);
		return true;
	}
	return false;
}
