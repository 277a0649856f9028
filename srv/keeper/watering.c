/* What the profile wants meets what the interlocks allow. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include "keeper/watering.h"
#include "stamp.h"

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS 1000000
#define MS_PER_S  1000

/* One step on its way. */
struct watering {
	struct runner *runner;
	struct interlock *interlock;
	int64_t now_ns, now_ms;
	watering_tell *tell;
	void *context;
	bool again; /* the runner was told something that may change when it wants to look */
};

static void tell(const struct watering *watering, unsigned relay, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(const struct watering *watering, unsigned relay, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments); /* a cut message still helps */
	va_end(arguments);
	watering->tell(watering->context, relay, text);
}

/* How long a relay that the profile closed, or that waits for it, has left. */
static int64_t profile_left_ms(const struct interlock_relay *relay, int64_t now_ms)
{
	if (relay->cause != CAUSE_PROFILE)
		return 0;
	if (relay->queued)
		return relay->length_ms;
	return relay->closed && relay->open_ms > now_ms ? relay->open_ms - now_ms : 0;
}

static void relay_close(struct watering *watering, const struct runner_action *action)
{
	struct interlock_relay before;
	int64_t length_ms = action->length_ms;
	char reason[128] = "";

	interlock_relay(watering->interlock, action->relay, &before);
	if (before.cause == CAUSE_MANUAL && (before.closed || before.queued)) {
		/* A person's order the runner does not know of, or that lasts longer than it knew.
		 */
		int64_t open_ms = before.closed ? before.open_ms : before.due_ms + before.length_ms;

		runner_manual(watering->runner, watering->now_ns, action->relay, true,
			      (open_ms - watering->now_ms) / MS_PER_S);
		watering->again = true;
		return;
	}
	if (action->act == RUNNER_EXTEND)
		length_ms += profile_left_ms(&before, watering->now_ms);
	switch (interlock_close(watering->interlock, watering->now_ms, action->relay, length_ms,
				CAUSE_PROFILE, reason, sizeof(reason))) {
	case INTERLOCK_NOW:
	case INTERLOCK_ALREADY:
		break;
	case INTERLOCK_LATER:
		tell(watering, action->relay, "its run of %" PRId64 " s waits: %s",
		     action->planned_s, reason);
		break;
	case INTERLOCK_NEVER:
		tell(watering, action->relay, "its run of %" PRId64 " s is refused: %s",
		     action->planned_s, reason);
		runner_over(watering->runner, action->relay);
		break;
	}
}

static void action_tell(const struct watering *watering, const struct runner_action *action)
{
	char start[STAMP_SIZE];

	(void)stamp_local(action->start_s * NS_PER_S, start, sizeof(start));
	if (action->act == RUNNER_SKIPPED)
		tell(watering, action->relay, "its run of %s is left out, as ordered", start);
	else if (action->act == RUNNER_NOT_RESUMED)
		tell(watering, action->relay,
		     "the rest of its run of %s is left out (resume: skip)", start);
	else
		tell(watering, action->relay, "%u missed from %s on: the clock went past",
		     action->missed, start);
}

static void action_carry_out(struct watering *watering, const struct runner_action *action)
{
	switch (action->act) {
	case RUNNER_CLOSE:
	case RUNNER_EXTEND:
		relay_close(watering, action);
		break;
	case RUNNER_OPEN:
		/* Never refused; when it waits for min_switch the interlock opens it by itself. */
		(void)interlock_open(watering->interlock, watering->now_ms, action->relay);
		break;
	case RUNNER_SKIPPED:
	case RUNNER_NOT_RESUMED:
	case RUNNER_MISSED:
		action_tell(watering, action);
		break;
	}
}

int watering_step(struct runner *runner, struct interlock *interlock, int64_t now_ns,
		  int64_t now_ms, int64_t *wake_ns, watering_tell *teller, void *context)
{
	struct watering watering = {.runner = runner,
				    .interlock = interlock,
				    .now_ns = now_ns,
				    .now_ms = now_ms,
				    .tell = teller,
				    .context = context};
	struct runner_step step;

	do {
		watering.again = false;
		if (runner_step(runner, now_ns, &step) == -1)
			return -1;
		for (unsigned i = 0; i < step.count; i++)
			action_carry_out(&watering, &step.action[i]);
	} while (watering.again); /* each time a relay is the person's: no more often than relays */
	*wake_ns = step.wake_ns;
	return 0;
}

void watering_settle(struct runner *runner, const struct interlock *interlock, unsigned relays,
		     int64_t now_ns, int64_t now_ms)
{
	for (unsigned relay = 1; relay <= relays; relay++) {
		struct interlock_relay now;

		interlock_relay(interlock, relay, &now);
		if (now.cause != CAUSE_PROFILE || (!now.closed && !now.queued)) {
			runner_over(runner, relay);
			continue;
		}
		int64_t until_ms = now.closed ? now.open_ms : now.due_ms + now.length_ms;

		runner_expect(runner, relay, now_ns + (until_ms - now_ms) * NS_PER_MS);
	}
}
