/*
 * The runner's steps. It walks along a plan; whatever makes the plan doubtful (an order, a reload,
 * a clock set back) makes a new one from the ledger, so that there is one way into a window,
 * however it was come upon.
 */
#include <stdlib.h>
#include "schedule/runner_parts.h"

#define MS_PER_S  1000
#define NS_PER_MS 1000000

/* How far ahead is planned: once in that time there is a wake-up for nothing. */
#define PLAN_S (INT64_C(14) * 86400)

/* A run that began no longer ago than this is on time: the machine was busy. */
#define LATE_S 5

/* One step on its way. */
struct stride {
	struct runner *runner;
	int64_t now_s, now_ms;
	struct runner_step *step;
};

static struct runner_action *action_add(struct stride *stride, enum runner_act act, unsigned relay)
{
	struct runner_action *action = &stride->step->action[stride->step->count++];

	*action = (struct runner_action){.act = act, .relay = relay};
	return action;
}

static void run_action_add(struct stride *stride, enum runner_act act,
			   const struct scheduled_run *run)
{
	struct runner_action *action = action_add(stride, act, run->relay);

	action->start_s = run->start_s;
	action->end_s = run->end_s;
}

static struct runner_relay *relay_of(struct runner *runner, unsigned relay)
{
	return &runner->state.relay[relay - 1];
}

static bool relay_is_manual(const struct stride *stride, unsigned relay)
{
	return relay_of(stride->runner, relay)->manual_until_s > stride->now_s;
}

static bool relay_is_asked(const struct stride *stride, unsigned relay)
{
	return stride->runner->asked & relay_bit(relay);
}

/* Rain delay, pause and manual orders whose time is over, or that lie in the future of a clock. */
static void orders_expire(struct stride *stride)
{
	struct runner *runner = stride->runner;
	struct runner_state *state = &runner->state;

	if (state->rain_until_s > 0 && state->rain_until_s <= stride->now_s) {
		state->rain_until_s = 0;
		runner->changed = true;
	}
	if (state->paused && state->pause_until_s > 0 && state->pause_until_s <= stride->now_s) {
		state->paused = false;
		state->pause_until_s = 0;
		runner->changed = true;
	}
	for (unsigned i = 0; i < RELAYS_MAX; i++) {
		struct runner_relay *own = &state->relay[i];

		if (own->manual_until_s == 0 ||
		    (own->manual_until_s > stride->now_s && own->manual_from_s <= stride->now_s))
			continue;
		own->manual_from_s = own->manual_until_s = 0;
		runner->changed = true;
	}
}

/* Forget the runs that end before a time; their relays open by themselves. */
static void runs_expire(struct stride *stride, int64_t before_s)
{
	for (unsigned relay = 1; relay <= RELAYS_MAX; relay++) {
		struct runner_relay *own = relay_of(stride->runner, relay);

		if (own->started_s == 0 || own->until_s >= before_s)
			continue;
		runner_relay_clear(own);
		stride->runner->asked &= ~relay_bit(relay);
		stride->runner->changed = true;
	}
}

static bool runner_is_live(const struct runner *runner)
{
	const struct runner_state *state = &runner->state;

	return state->running && runner->active >= 0 && !state->paused && state->rain_until_s == 0;
}

/* Open what was asked for and is wanted no longer: all, or what lost its run to another profile. */
static void relays_release(struct stride *stride, bool all)
{
	for (unsigned relay = 1; relay <= RELAYS_MAX; relay++) {
		if (!relay_is_asked(stride, relay) ||
		    (!all && relay_of(stride->runner, relay)->started_s > 0))
			continue;
		(void)action_add(stride, RUNNER_OPEN, relay);
		runner_relay_release(stride->runner, relay, stride->now_s);
	}
}

/* Ask for the relay to close until the run under way ends. */
static void relay_ask(struct stride *stride, unsigned relay)
{
	struct runner_relay *own = relay_of(stride->runner, relay);
	struct runner_action *action = action_add(stride, RUNNER_CLOSE, relay);

	action->start_s = own->started_s;
	action->end_s = own->until_s;
	action->length_ms = own->until_s * MS_PER_S - stride->now_ms;
	action->planned_s = own->planned_s;
	stride->runner->asked |= relay_bit(relay);
	stride->runner->changed = true;
}

/*
 * Runs under way whose relays nobody holds: after a restart, a stop, a pause, or when a manual
 * order ends. The rest of them runs, or not.
 */
static void runs_resume(struct stride *stride)
{
	struct runner *runner = stride->runner;

	for (unsigned relay = 1; relay <= RELAYS_MAX; relay++) {
		struct runner_relay *own = relay_of(runner, relay);
		int64_t rest_s = own->until_s - stride->now_s;

		if (own->started_s == 0 || relay_is_asked(stride, relay) ||
		    relay_is_manual(stride, relay))
			continue;
		if (own->started_s > stride->now_s || rest_s <= 0 || !runner->policy.resume_rest) {
			runner_relay_clear(own); /* over, or the clock was set back before it */
			runner->changed = true;
			continue;
		}
		if (rest_s < own->planned_s)
			own->planned_s = rest_s;
		own->until_s = stride->now_s + own->planned_s; /* less, when it had to wait */
		relay_ask(stride, relay);
	}
}

/* A run begins while another is under way for its relay: what it adds comes on top. */
static void run_extend(struct stride *stride, const struct scheduled_run *run)
{
	struct runner_relay *own = relay_of(stride->runner, run->relay);
	int64_t from_s = run->start_s > own->end_s ? run->start_s : own->end_s;
	int64_t more_s = run->end_s - from_s;

	if (more_s <= 0)
		return;
	own->end_s = run->end_s;
	own->until_s += more_s;
	own->planned_s += more_s;
	if (relay_is_asked(stride, run->relay)) {
		struct runner_action *action = action_add(stride, RUNNER_EXTEND, run->relay);

		action->start_s = own->started_s;
		action->end_s = own->until_s;
		action->length_ms = more_s * MS_PER_S;
		action->planned_s = own->planned_s;
	}
}

/* A run whose window has come. It is in the ledger before anything else. */
static void run_begin(struct stride *stride, const struct scheduled_run *run)
{
	struct runner *runner = stride->runner;
	struct runner_relay *own = relay_of(runner, run->relay);
	bool late = stride->now_s - run->start_s > LATE_S;
	bool manual = relay_is_manual(stride, run->relay);

	ledger_add(&runner->state.ran,
		   &(struct ledger_entry){.profile_key = runner->set->profile[runner->active].key,
					  .relay = run->relay,
					  .first_civil_s = run->first_civil_s,
					  .last_civil_s = run->last_civil_s});
	runner->changed = true;
	if (late && !runner->policy.resume_rest) {
		run_action_add(stride, RUNNER_NOT_RESUMED, run);
		return;
	}
	if (runner->state.skips & relay_bit(run->relay)) {
		runner->state.skips &= ~relay_bit(run->relay);
		run_action_add(stride, RUNNER_SKIPPED, run);
		return;
	}
	if (relay_is_asked(stride, run->relay) || (manual && own->started_s > 0)) {
		run_extend(stride, run);
		return;
	}
	own->started_s = run->start_s;
	own->end_s = own->until_s = run->end_s;
	own->planned_s = run->end_s - (late ? stride->now_s : run->start_s);
	if (!manual)
		relay_ask(stride, run->relay);
}

/* The clock went past a run that nobody saw begin. */
static void run_miss(struct stride *stride, const struct scheduled_run *run)
{
	struct runner_step *step = stride->step;

	for (unsigned i = 0; i < step->count; i++) {
		if (step->action[i].act == RUNNER_MISSED && step->action[i].relay == run->relay) {
			step->action[i].missed++;
			step->action[i].end_s = run->end_s;
			return;
		}
	}
	run_action_add(stride, RUNNER_MISSED, run);
	step->action[step->count - 1].missed = 1;
}

/* Walk along the plan up to now. fresh: what is over was over before the plan was made. */
static void plan_walk(struct stride *stride, bool fresh)
{
	struct plan *plan = &stride->runner->plan;

	for (; plan->next < plan->count; plan->next++) {
		const struct scheduled_run *run = &plan->runs[plan->next];

		if (run->start_s > stride->now_s)
			break;
		if (run->end_s > stride->now_s)
			run_begin(stride, run);
		else if (!fresh)
			run_miss(stride, run);
	}
}

/* A new plan from now on. 0, or -1 with errno ENOMEM: the old one stands. */
static int plan_make(const struct stride *stride, struct plan *plan)
{
	struct runner *runner = stride->runner;
	struct schedule_query query = {.set = runner->set,
				       .profile = (unsigned)runner->active,
				       .level_percent = runner->state.level_percent,
				       .from_s = stride->now_s,
				       .to_s = stride->now_s + PLAN_S,
				       .ran = &runner->state.ran};
	int64_t count;

	*plan = (struct plan){.valid = true, .to_s = query.to_s};
	count = schedule_runs(&query, &plan->runs);
	plan->count = count == -1 ? 0 : (size_t)count;
	return count == -1 ? -1 : 0;
}

/* Bring the plan to now and begin what is due. 0, or -1 with errno ENOMEM: nothing is changed. */
static int plan_follow(struct stride *stride)
{
	struct runner *runner = stride->runner;
	struct plan *plan = &runner->plan;
	bool behind = stride->now_s < runner->seen_s; /* the clock was set back */
	bool fresh = !plan->valid || behind || stride->now_s >= plan->to_s;
	struct plan made;

	if (fresh && plan_make(stride, &made) == -1)
		return -1;
	relays_release(stride, false);
	runs_resume(stride);
	if (fresh) {
		/* What is under way now stands in the new plan too; only the missed are told of. */
		for (; plan->valid && plan->next < plan->count; plan->next++)
			if (plan->runs[plan->next].end_s <= stride->now_s)
				run_miss(stride, &plan->runs[plan->next]);
		free(plan->runs);
		*plan = made;
	}
	plan_walk(stride, fresh);
	return 0;
}

/* The earlier of two times, of which 0 and what is past stand for never. */
static int64_t sooner(const struct stride *stride, int64_t a_s, int64_t b_s)
{
	if (b_s <= stride->now_s)
		return a_s;
	return a_s == 0 || b_s < a_s ? b_s : a_s;
}

static int64_t wake_s(const struct stride *stride, bool live)
{
	const struct runner *runner = stride->runner;
	const struct plan *plan = &runner->plan;
	int64_t soonest_s = 0;

	if (!live) {
		soonest_s = sooner(stride, soonest_s, runner->state.rain_until_s);
		return sooner(stride, soonest_s, runner->state.pause_until_s);
	}
	soonest_s = plan->next < plan->count ? plan->runs[plan->next].start_s : plan->to_s;
	for (unsigned i = 0; i < RELAYS_MAX; i++)
		if (runner->state.relay[i].started_s > 0)
			soonest_s =
				sooner(stride, soonest_s, runner->state.relay[i].manual_until_s);
	return soonest_s;
}

int runner_step(struct runner *runner, int64_t now_ns, struct runner_step *step)
{
	struct stride stride = {.runner = runner,
				.now_s = now_ns / NS_PER_S,
				.now_ms = now_ns / NS_PER_MS,
				.step = step};
	int64_t soonest_s;
	bool live;

	step->count = 0;
	step->wake_ns = -1;
	orders_expire(&stride);
	runs_expire(&stride, stride.now_s); /* one that ends just now may yet be extended */
	live = runner_is_live(runner);
	if (live && plan_follow(&stride) == -1)
		return -1;
	if (!live) {
		relays_release(&stride, true);
		runner->plan.valid = false;
	}
	runs_expire(&stride, stride.now_s + 1);
	runner->seen_s = stride.now_s;
	soonest_s = wake_s(&stride, live);
	if (soonest_s > 0)
		step->wake_ns = soonest_s * NS_PER_S;
	return 0;
}
