/*
 * profile_orders.c: what sessions ask of the active profile. Each order changes the runner's state
 * and says what that means; the next step acts on it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "keeper/scheduling.h"
#include "clock.h"
#include "reply.h"
#include "schedule/runner.h"
#include "span.h"
#include "stamp.h"

static void answer_say(struct answer *answer, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void answer_say(struct answer *answer, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(answer->text, sizeof(answer->text), format, arguments);
	va_end(arguments);
	answer->code = code;
}

/* By name, or by number from 1 when no profile has that name; -1: there is none. */
static int profile_named(const struct profile_set *set, const char *text)
{
	int found = profile_find(set, text);
	char *end;

	if (found >= 0)
		return found;
	long number = strtol(text, &end, 10);
	return *end == '\0' && number >= 1 && number <= (long)set->count ? (int)number - 1 : -1;
}

static const char *active_name(const struct keeper *keeper)
{
	const struct runner_state *state = runner_state(keeper->runner);

	return state->active[0] ? state->active : "none";
}

static void activate(struct keeper *keeper, const struct request *request, struct answer *answer)
{
	int profile = profile_named(keeper->profiles, request->text);

	if (profile == -1)
		answer_say(answer, REPLY_BAD_ARGUMENTS, "no profile %s; there are %u (see gp)",
			   request->text, keeper->profiles->count);
	else if (runner_activate(keeper->runner, (unsigned)profile) == -1)
		answer_say(answer, REPLY_REFUSED,
			   errno == EBUSY ? "profile %s runs; stop it first (sp)" : "%s",
			   errno == EBUSY ? active_name(keeper) : strerror(errno));
	else
		answer_say(answer, REPLY_DONE, "profile %s is active", active_name(keeper));
}

static void start(struct keeper *keeper, struct answer *answer)
{
	if (runner_start(keeper->runner) == 0)
		answer_say(answer, REPLY_DONE, "profile %s runs", active_name(keeper));
	else if (errno == EALREADY)
		answer_say(answer, REPLY_DONE, "profile %s runs already", active_name(keeper));
	else
		answer_say(answer, REPLY_REFUSED, "no profile is active; choose one with sap");
}

static void stop(struct keeper *keeper, struct answer *answer)
{
	if (runner_stop(keeper->runner) == 0)
		answer_say(answer, REPLY_DONE, "profile %s is stopped", active_name(keeper));
	else
		answer_say(answer, REPLY_DONE, "no profile runs");
}

/* pause: everything opens, what a person closed too; the profile holds. */
static void pause_all(struct keeper *keeper, const struct request *request, struct answer *answer)
{
	int64_t now_ns = scheduling_now_ns();
	char stamp[STAMP_SIZE];

	if (runner_pause(keeper->runner, now_ns, request->span_ms / 1000) == -1) {
		answer_say(answer, REPLY_DONE, "it is paused already");
		return;
	}
	for (unsigned number = 1; number <= keeper->settings.relay_count; number++) {
		struct interlock_relay now;
		interlock_relay(keeper->interlock, number, &now);
		if (!now.closed && !now.queued)
			continue;
		keeper->relay[number - 1].end = "paused";
		(void)interlock_open(keeper->interlock, clock_boot_ms(),
				     number); /* never refused */
	}
	if (request->span_ms > 0)
		answer_say(answer, REPLY_DONE, "all open, paused until %s",
			   stamp_local(now_ns + request->span_ms * 1000000, stamp, sizeof(stamp)));
	else
		answer_say(answer, REPLY_DONE, "all open, paused until resumed");
}

static void resume(struct keeper *keeper, struct answer *answer)
{
	answer_say(answer, REPLY_DONE,
		   runner_resume(keeper->runner) == 0 ? "resumed" : "it was not paused");
}

static void rain_delay(struct keeper *keeper, const struct request *request, struct answer *answer)
{
	int64_t now_ns = scheduling_now_ns();
	char stamp[STAMP_SIZE];

	runner_rain_delay(keeper->runner, now_ns, request->span_ms / 1000);
	if (request->span_ms == 0)
		answer_say(answer, REPLY_DONE, "rain delay is off");
	else
		answer_say(answer, REPLY_DONE, "rain delay until %s",
			   stamp_local(now_ns + request->span_ms * 1000000, stamp, sizeof(stamp)));
}

static void level(struct keeper *keeper, const struct request *request, struct answer *answer)
{
	if (runner_level(keeper->runner, request->number) == 0)
		answer_say(answer, REPLY_DONE, "level is %d %%", request->number);
	else
		answer_say(answer, REPLY_BAD_ARGUMENTS, "level %d: 0 to 250 percent",
			   request->number);
}

static void skip(struct keeper *keeper, const struct request *request, struct answer *answer)
{
	char list[RELAYS_MAX * 4];

	relay_set_format(request->relays, list, sizeof(list));
	if (runner_skip(keeper->runner, request->relays) == 0)
		answer_say(answer, REPLY_DONE, "the next run of relay %s is left out", list);
	else
		answer_say(answer, REPLY_REFUSED, "no profile is active");
}

static void reload(struct keeper *keeper, struct answer *answer)
{
	char why[sizeof(answer->text)];

	if (scheduling_reload(keeper, why, sizeof(why)) == 0)
		answer_say(answer, REPLY_DONE, "%u profiles", keeper->profiles->count);
	else
		answer_say(answer, REPLY_FAILED, "%s", why);
}

void scheduling_order(struct keeper *keeper, const struct request *request, struct answer *answer)
{
	switch (request->kind) {
	case REQUEST_ACTIVATE:
		activate(keeper, request, answer);
		break;
	case REQUEST_START:
		start(keeper, answer);
		break;
	case REQUEST_STOP:
		stop(keeper, answer);
		break;
	case REQUEST_PAUSE:
		pause_all(keeper, request, answer);
		break;
	case REQUEST_RESUME:
		resume(keeper, answer);
		break;
	case REQUEST_RAIN_DELAY:
		rain_delay(keeper, request, answer);
		break;
	case REQUEST_LEVEL:
		level(keeper, request, answer);
		break;
	case REQUEST_SKIP:
		skip(keeper, request, answer);
		break;
	case REQUEST_RELOAD:
		reload(keeper, answer);
		return; /* told where it was read */
	default:
		answer_say(answer, REPLY_FAILED, "the keeper does not know this request");
		return;
	}
	if (answer->code == REPLY_DONE)
		telling_event(keeper, EVENT_PROFILE, "%s (%s)", answer->text, request->by);
}
