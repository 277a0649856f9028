/* The runner's life, and what people order of it; runner_step.c carries it out. */
#include <bsd/string.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "schedule/runner_parts.h"

/* What comes of reading two clocks one after the other, and then some. */
#define JITTER_NS (NS_PER_S / 10)

#define EXPECT_SLACK_NS (NS_PER_S * 3 / 4)

void runner_state_init(struct runner_state *state)
{
	*state = (struct runner_state){.level_percent = 100};
}

static const char *file_active_name(const struct profile_set *set)
{
	return set->active >= 0 ? set->profile[set->active].name : "";
}

static void active_set(struct runner *runner, int profile)
{
	struct runner_state *state = &runner->state;

	runner->active = profile;
	(void)strlcpy(state->active, profile >= 0 ? runner->set->profile[profile].name : "",
		      sizeof(state->active)); /* same size */
	(void)strlcpy(state->file_active, file_active_name(runner->set),
		      sizeof(state->file_active)); /* same size */
}

/*
 * Which profile is active: what was chosen last, unless it is gone or the file has come to call
 * another one active since.
 */
static int active_choose(const struct runner *runner)
{
	const struct runner_state *state = &runner->state;

	if (strcasecmp(state->file_active, file_active_name(runner->set)) == 0) {
		int chosen = profile_find(runner->set, state->active);

		if (chosen >= 0)
			return chosen;
	}
	return runner->set->active;
}

void runner_relay_clear(struct runner_relay *relay)
{
	relay->started_s = relay->end_s = relay->until_s = relay->planned_s = 0;
}

void runner_relay_release(struct runner *runner, unsigned relay, int64_t now_s)
{
	struct runner_relay *own = &runner->state.relay[relay - 1];

	/* Should the clock be set back, no more than this is left all the same. */
	if ((runner->asked & relay_bit(relay)) && own->until_s - now_s < own->planned_s)
		own->planned_s = own->until_s - now_s;
	runner->asked &= ~relay_bit(relay);
	runner->changed = true;
}

static void relays_clear(struct runner *runner)
{
	for (unsigned i = 0; i < RELAYS_MAX; i++)
		runner_relay_clear(&runner->state.relay[i]);
}

struct runner *runner_create(const struct profile_set *set, const struct runner_policy *policy,
			     const struct runner_state *remembered)
{
	struct runner *runner = calloc(1, sizeof(*runner));

	if (!runner)
		return NULL;
	runner->set = set;
	runner->policy = *policy;
	runner->changed = true;
	if (remembered) {
		runner->state = *remembered;
	} else {
		runner_state_init(&runner->state);
		runner->state.running = true; /* if there is a profile, and autostart */
	}
	runner_reload(runner, set);
	if (!policy->autostart || runner->active < 0)
		runner->state.running = false;
	return runner;
}

void runner_destroy(struct runner *runner)
{
	if (!runner)
		return;
	free(runner->plan.runs);
	free(runner);
}

const struct runner_state *runner_state(const struct runner *runner)
{
	return &runner->state;
}

bool runner_changed(struct runner *runner)
{
	bool changed = runner->changed;

	runner->changed = false;
	return changed;
}

int runner_active(const struct runner *runner)
{
	return runner->active;
}

/* Something the plan was made from is another now. */
static void plan_drop(struct runner *runner)
{
	runner->plan.valid = false;
	runner->changed = true;
}

void runner_reload(struct runner *runner, const struct profile_set *set)
{
	char before[PROFILE_NAME_SIZE];

	(void)strlcpy(before, runner->state.active, sizeof(before)); /* same size */
	runner->set = set;
	active_set(runner, active_choose(runner));
	if (strcasecmp(before, runner->state.active) != 0)
		relays_clear(runner); /* another profile's: the next step opens them */
	if (runner->active < 0)
		runner->state.running = false;
	plan_drop(runner);
}

void runner_policy_set(struct runner *runner, const struct runner_policy *policy)
{
	runner->policy = *policy;
}

int runner_activate(struct runner *runner, unsigned profile)
{
	errno = runner->state.running ? EBUSY : EINVAL;
	if (runner->state.running || profile >= runner->set->count)
		return -1;
	if ((int)profile != runner->active)
		relays_clear(runner);
	active_set(runner, (int)profile);
	plan_drop(runner);
	return 0;
}

int runner_start(struct runner *runner)
{
	errno = runner->active < 0 ? ENOENT : EALREADY;
	if (runner->active < 0 || runner->state.running)
		return -1;
	runner->state.running = true;
	plan_drop(runner);
	return 0;
}

int runner_stop(struct runner *runner)
{
	errno = EALREADY;
	if (!runner->state.running)
		return -1;
	runner->state.running = false;
	runner->changed = true;
	return 0;
}

int runner_pause(struct runner *runner, int64_t now_ns, int64_t pause_span_s)
{
	errno = EALREADY;
	if (runner->state.paused && pause_span_s == 0 && runner->state.pause_until_s == 0)
		return -1;
	runner->state.paused = true;
	runner->state.pause_until_s = pause_span_s > 0 ? now_ns / NS_PER_S + pause_span_s : 0;
	runner->changed = true;
	return 0;
}

int runner_resume(struct runner *runner)
{
	errno = EALREADY;
	if (!runner->state.paused)
		return -1;
	runner->state.paused = false;
	runner->state.pause_until_s = 0;
	plan_drop(runner);
	return 0;
}

void runner_rain_delay(struct runner *runner, int64_t now_ns, int64_t delay_s)
{
	runner->state.rain_until_s = delay_s > 0 ? now_ns / NS_PER_S + delay_s : 0;
	plan_drop(runner);
}

int runner_level(struct runner *runner, int percent)
{
	errno = ERANGE;
	if (percent < 0 || percent > LEVEL_MAX_PERCENT)
		return -1;
	runner->state.level_percent = percent;
	plan_drop(runner);
	return 0;
}

int runner_skip(struct runner *runner, uint64_t relays)
{
	errno = ENOENT;
	if (runner->active < 0)
		return -1;
	runner->state.skips |= relays;
	runner->changed = true;
	return 0;
}

void runner_manual(struct runner *runner, int64_t now_ns, unsigned relay, bool closed,
		   int64_t length_s)
{
	struct runner_relay *own = &runner->state.relay[relay - 1];
	int64_t now_s = now_ns / NS_PER_S;

	own->manual_from_s = now_s;
	own->manual_closed = closed;
	/*
	 * The profile comes back a little later than the relay is let go, to find it free. Where
	 * no run is under way an opening only ends an earlier order: until_s is past.
	 */
	own->manual_until_s = closed ? now_s + length_s + 1 : own->until_s;
	runner_relay_release(runner, relay, now_s); /* the relay is the person's now */
}

void runner_expect(struct runner *runner, unsigned relay, int64_t until_ns)
{
	struct runner_relay *own = &runner->state.relay[relay - 1];
	int64_t until_s = (until_ns - JITTER_NS + NS_PER_S - 1) / NS_PER_S;

	/* Rounded up; a second less is no news, lest the jitter makes some again and again. */
	if (!(runner->asked & relay_bit(relay)) || until_s == own->until_s ||
	    until_s == own->until_s - 1)
		return;
	own->until_s = until_s;
	runner->changed = true;
}

void runner_over(struct runner *runner, unsigned relay)
{
	if (!(runner->asked & relay_bit(relay)))
		return;
	runner->asked &= ~relay_bit(relay);
	runner_relay_clear(&runner->state.relay[relay - 1]);
	runner->changed = true;
}
