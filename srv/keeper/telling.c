/*
 * telling.c: one change of a relay, told in three places: the shared state that grs reads, the
 * events that watch shows, the run log that outlives us. Invariant: all three are made from the
 * same values, after the lines were read back.
 */
#include "keeper/keeper.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "log/log.h"
#include "schedule/runner.h"
#include "stamp.h"
#include "state/counters.h"

static const char *const cause_names[] = {
	[CAUSE_NONE] = "manual",
	[CAUSE_MANUAL] = "manual",
	[CAUSE_PROFILE] = "profile",
	[CAUSE_MASTER] = "master",
};

void telling_event(struct keeper *keeper, enum event_kind kind, const char *format, ...)
{
	struct event event = {.time_ns = stamp_now_ns(), .kind = kind};
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(event.text, sizeof(event.text), format, arguments);
	va_end(arguments);
	event_publish(keeper->segment, EVENTS_OF_KEEPER, &event);
	if (kind == EVENT_ALARM)
		log_error("ALARM: %s", event.text);
	else if (kind == EVENT_WARNING)
		log_warning("%s", event.text);
	else
		log_info("%s", event.text);
}

static void run_write(struct keeper *keeper, const struct run *run,
		      int (*write_run)(struct run_log *, const struct run *))
{
	if (keeper->run_log && write_run(keeper->run_log, run) == -1)
		log_warning("run log: %s; relay %u goes unrecorded", strerror(errno), run->relay);
}

static int64_t seconds_of(int64_t ms)
{
	return (ms + 500) / 1000;
}

/*
 * The wall clock's time of a moment on the clock that no time change moves. Read in this order it
 * is never too early, so that the end of a window is not told as the second before.
 */
static int64_t realtime_of(int64_t moment_ms)
{
	int64_t left_ms = moment_ms - clock_boot_ms();

	return stamp_now_ns() + left_ms * 1000000;
}

static void switching_tell(struct keeper *keeper, unsigned number)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];
	const struct relay_state *state = &keeper->table.relay[number - 1];
	struct event event = {
		.time_ns = state->since_ns,
		.kind = EVENT_RELAY,
		.relay = number,
		.closed = state->closed,
		.until_ns = state->until_ns,
	};
	char name[128], until[STAMP_SIZE + 8] = "";

	if (state->until_ns > 0) {
		strlcpy(until, " until ", sizeof(until));
		stamp_local(state->until_ns, until + strlen(until), sizeof(until) - strlen(until));
	}
	snprintf(event.text, sizeof(event.text), "Relay %s is %s%s (%s%s%s)",
		 settings_relay_text(&keeper->settings, number, name, sizeof(name)),
		 state->closed ? "closed" : "open", until, state->by, state->closed ? "" : ": ",
		 state->closed ? "" : relay->run.end);
	event_publish(keeper->segment, EVENTS_OF_KEEPER, &event);
	log_info("%s", event.text);
}

/* Nobody asked for what the profile and the master valve do: they are their own authors. */
static void by_settle(struct keeper *keeper, unsigned number, enum interlock_cause cause)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];

	if (cause == CAUSE_PROFILE)
		snprintf(relay->by, sizeof(relay->by), "profile %s",
			 runner_state(keeper->runner)->active);
	else if (cause == CAUSE_MASTER)
		strlcpy(relay->by, "master", sizeof(relay->by));
}

/* The schedule's length is what was planned; max_on may have cut it. */
static void profile_run_settle(struct keeper *keeper, unsigned number,
			       const struct interlock_relay *now)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];
	int64_t planned_s = runner_state(keeper->runner)->relay[number - 1].planned_s;

	relay->time_end = "done";
	if (planned_s > seconds_of(now->open_ms - now->closed_ms))
		relay->time_end = "max_on";
}

static void run_begin(struct keeper *keeper, unsigned number, const struct interlock_relay *now)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];

	relay->since_ms = now->closed_ms;
	relay->end = NULL;
	relay->run = (struct run){
		.relay = number,
		.started_ns = keeper->table.relay[number - 1].since_ns,
		.planned_s = now->closed ? seconds_of(now->open_ms - now->closed_ms) : -1,
	};
	strlcpy(relay->run.cause, cause_names[now->cause], sizeof(relay->run.cause));
	by_settle(keeper, number, now->cause);
	if (now->cause == CAUSE_PROFILE)
		profile_run_settle(keeper, number, now);
	strlcpy(relay->run.by, relay->by, sizeof(relay->run.by));
	run_write(keeper, &relay->run, run_log_on);
}

static const char *end_of(const struct keeper_relay *relay)
{
	if (relay->end)
		return relay->end;
	if (relay->open_ms > 0 && clock_boot_ms() < relay->open_ms)
		return "stopped"; /* before its time and by nobody's order: its profile's */
	return relay->time_end ? relay->time_end : "done";
}

static void run_end(struct keeper *keeper, unsigned number)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];

	relay->run.ended_ns = keeper->table.relay[number - 1].since_ns;
	relay->run.actual_s = seconds_of(clock_boot_ms() - relay->since_ms);
	strlcpy(relay->run.end, end_of(relay), sizeof(relay->run.end));
	relay->end = NULL;
	run_write(keeper, &relay->run, run_log_off);
}

/* Bring one row of the table up to date; true when the relay switched. */
static bool row_update(struct keeper *keeper, unsigned number)
{
	struct keeper_relay *relay = &keeper->relay[number - 1];
	struct relay_state *state = &keeper->table.relay[number - 1];
	bool closed = (keeper->actual >> (number - 1)) & 1;
	bool switched = closed != state->closed;
	struct interlock_relay now;

	interlock_relay(keeper->interlock, number, &now);
	if (switched)
		state->since_ns = stamp_now_ns();
	if (switched && closed)
		run_begin(keeper, number, &now);
	else if (switched)
		run_end(keeper, number);
	int64_t open_ms = now.closed ? now.open_ms : 0, due_ms = now.queued ? now.due_ms : 0;
	if (open_ms != relay->open_ms || switched)
		state->until_ns = open_ms > 0 ? realtime_of(open_ms) : 0;
	if (due_ms != relay->due_ms)
		state->due_ns = due_ms > 0 ? realtime_of(due_ms) : 0;
	if (now.closed && !relay->end && open_ms != relay->open_ms)
		relay->run.planned_s = seconds_of(now.open_ms - now.closed_ms);
	relay->open_ms = open_ms;
	relay->due_ms = due_ms;
	state->queued = now.queued;
	if (!switched)
		return false;
	state->closed = closed;
	strlcpy(state->by, relay->by, sizeof(state->by));
	counter_add(keeper->segment, COUNT_SWITCHINGS, 1);
	return true;
}

void telling_update(struct keeper *keeper)
{
	struct relay_table before = keeper->table;
	uint64_t switched = 0;

	for (unsigned number = 1; number <= keeper->settings.relay_count; number++)
		if (row_update(keeper, number))
			switched |= UINT64_C(1) << (number - 1);
	keeper->table.alarm = keeper->alarm;
	keeper->table.used_va = interlock_power(keeper->interlock, clock_boot_ms());
	keeper->table.supply_va = keeper->settings.supply_va;
	if (memcmp(&before, &keeper->table, sizeof(before)) == 0)
		return;
	relays_publish(keeper->segment, &keeper->table);
	for (unsigned number = 1; number <= keeper->settings.relay_count; number++)
		if ((switched >> (number - 1)) & 1)
			switching_tell(keeper, number);
}

void telling_clock_set(struct keeper *keeper)
{
	for (unsigned i = 0; i < keeper->settings.relay_count; i++)
		keeper->relay[i].open_ms = keeper->relay[i].due_ms =
			-1; /* known to no wall clock */
}

/* A keeper that was killed left its runs open in the books. */
static void predecessor_settle(struct keeper *keeper)
{
	struct relay_table *left = &keeper->table;

	for (unsigned i = 0; i < left->count; i++) {
		if (!left->relay[i].closed)
			continue;
		struct run run = {
			.relay = i + 1,
			.started_ns = left->relay[i].since_ns,
			.ended_ns = stamp_now_ns(),
			.planned_s = left->relay[i].until_ns > 0
					     ? seconds_of((left->relay[i].until_ns -
							   left->relay[i].since_ns) /
							  1000000)
					     : -1,
			.end = "crash",
		};
		run.actual_s = (run.ended_ns - run.started_ns) / 1000000000;
		strlcpy(run.cause,
			strncmp(left->relay[i].by, "profile ", 8) == 0 ? "profile" : "manual",
			sizeof(run.cause));
		strlcpy(run.by, left->relay[i].by, sizeof(run.by));
		run_write(keeper, &run, run_log_off);
	}
}

void telling_begin(struct keeper *keeper)
{
	relays_read(keeper->segment, &keeper->table);
	predecessor_settle(keeper);
	bool restarted = keeper->table.count > 0;
	memset(&keeper->table, 0, sizeof(keeper->table));
	keeper->table.keeper = getpid();
	keeper->table.count = keeper->settings.relay_count;
	keeper->table.ready = true;
	keeper->table.supply_va = keeper->settings.supply_va;
	strlcpy(keeper->table.backend, bank_describe(keeper->bank), sizeof(keeper->table.backend));
	relays_publish(keeper->segment, &keeper->table);
	log_info("%u relays, %s, all open", keeper->settings.relay_count, keeper->table.backend);
	if (strncmp(keeper->table.backend, "simulated", 9) == 0)
		log_warning("the relays are SIMULATED: no water will flow (setting gpio)");
	if (restarted)
		telling_event(keeper, EVENT_WARNING, "a new keeper runs; every relay was opened");
}
