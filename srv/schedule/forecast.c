/* The runner on a virtual clock. */
#include <stdio.h>
#include <stdlib.h>
#include "schedule/calendar.h"
#include "schedule/forecast.h"
#include "schedule/schedule.h"
#include "stamp.h"

#define NS_PER_S  INT64_C(1000000000)
#define MS_PER_S  1000
#define OUTLOOK_S (INT64_C(366) * DAY_S)

/* A switching to come; false ends the forecast. */
typedef bool forecast_take(void *context, const struct switching *);

struct forecast {
	struct runner *runner;
	struct runner_step step;
	int64_t off_s[RELAYS_MAX]; /* when it will open; 0 it is open */
	forecast_take *take;
	void *context;
};

static void actions_note(struct forecast *forecast, int64_t now_s, struct switching closings[])
{
	for (unsigned i = 0; i < forecast->step.count; i++) {
		const struct runner_action *action = &forecast->step.action[i];
		int64_t *off_s = &forecast->off_s[action->relay - 1];

		if (action->act == RUNNER_EXTEND)
			*off_s += action->length_ms / MS_PER_S;
		if (action->act != RUNNER_CLOSE)
			continue;
		*off_s = now_s + action->length_ms / MS_PER_S;
		closings[action->relay - 1] = (struct switching){.at_s = now_s,
								 .relay = action->relay,
								 .closed = true,
								 .planned_s = action->planned_s};
	}
}

/* Hand over what switches now, in order of relays; false when the taker has enough. */
static bool switchings_take(struct forecast *forecast, int64_t now_s,
			    const struct switching closings[])
{
	for (unsigned i = 0; i < RELAYS_MAX; i++) {
		struct switching opening = {.at_s = now_s, .relay = i + 1};

		if (closings[i].closed && !forecast->take(forecast->context, &closings[i]))
			return false;
		if (forecast->off_s[i] != now_s)
			continue;
		forecast->off_s[i] = 0;
		if (!forecast->take(forecast->context, &opening))
			return false;
	}
	return true;
}

/* When something happens next: the runner wants to look, or a relay opens. -1 never. */
static int64_t next_s(const struct forecast *forecast)
{
	int64_t soonest_s = forecast->step.wake_ns < 0 ? -1 : forecast->step.wake_ns / NS_PER_S;

	for (unsigned i = 0; i < RELAYS_MAX; i++)
		if (forecast->off_s[i] > 0 && (soonest_s < 0 || forecast->off_s[i] < soonest_s))
			soonest_s = forecast->off_s[i];
	return soonest_s;
}

static int forecast_walk(struct forecast *forecast, int64_t now_s, int64_t until_s)
{
	struct switching closings[RELAYS_MAX];
	bool first = true;

	while (now_s >= 0 && now_s <= until_s) {
		for (unsigned i = 0; i < RELAYS_MAX; i++)
			closings[i].closed = false;
		if (runner_step(forecast->runner, now_s * NS_PER_S, &forecast->step) == -1)
			return -1;
		actions_note(forecast, now_s, closings);
		/* What the first step asks for is closed already, or will be at once. */
		if (!first && !switchings_take(forecast, now_s, closings))
			return 0;
		first = false;
		now_s = next_s(forecast);
	}
	return 0;
}

static int forecast_run(const struct profile_set *set, const struct runner_state *state,
			const struct runner_policy *policy, int64_t now_s, int64_t until_s,
			forecast_take *take, void *context)
{
	struct runner_policy running = {.resume_rest = policy->resume_rest, .autostart = true};
	struct forecast forecast = {
		.runner = runner_create(set, &running, state), .take = take, .context = context};
	int result;

	if (!forecast.runner)
		return -1;
	result = forecast_walk(&forecast, now_s, until_s);
	runner_destroy(forecast.runner);
	return result;
}

struct list {
	struct switching *switchings;
	size_t count, max;
};

static bool list_take(void *context, const struct switching *switching)
{
	struct list *list = context;

	if (list->count < list->max)
		list->switchings[list->count++] = *switching;
	return list->count < list->max;
}

int forecast_switchings(const struct profile_set *set, const struct runner_state *state,
			const struct runner_policy *policy, int64_t now_s, int64_t until_s,
			struct switching *switchings, size_t max)
{
	struct list list = {.switchings = switchings, .max = max};

	if (forecast_run(set, state, policy, now_s, until_s, list_take, &list) == -1)
		return -1;
	return (int)list.count;
}

struct outlooks {
	struct outlook *outlook;
	unsigned unknown; /* relays of the profile whose next switching is not known yet */
};

static bool outlook_take(void *context, const struct switching *switching)
{
	struct outlooks *outlooks = context;
	struct outlook *outlook = &outlooks->outlook[switching->relay - 1];

	if (outlook->known)
		return true;
	outlook->known = true;
	outlook->closed = switching->closed;
	outlook->next_s = switching->at_s;
	if (outlook->in_profile)
		outlooks->unknown--;
	return outlooks->unknown > 0;
}

/* Which relays are in a window now, by the schedule alone. */
static int windows_mark(const struct profile_set *set, unsigned profile,
			const struct runner_state *state, int64_t now_s, struct outlook *outlook)
{
	struct schedule_query query = {.set = set,
				       .profile = profile,
				       .level_percent = state->level_percent,
				       .from_s = now_s,
				       .to_s = now_s + 1};
	struct scheduled_run *runs;
	int64_t count = schedule_runs(&query, &runs);

	for (int64_t i = 0; i < count; i++) {
		outlook[runs[i].relay - 1].in_window = true;
		outlook[runs[i].relay - 1].window_until_s = runs[i].end_s;
	}
	if (count > 0)
		free(runs);
	return count == -1 ? -1 : 0;
}

int forecast_outlook(const struct profile_set *set, const struct runner_state *state,
		     const struct runner_policy *policy, int64_t now_s, struct outlook *outlook)
{
	struct outlooks outlooks = {.outlook = outlook};
	int active = profile_find(set, state->active);

	for (unsigned i = 0; i < RELAYS_MAX; i++)
		outlook[i] = (struct outlook){0};
	if (active < 0)
		return 0;
	for (unsigned i = 0; i < set->profile[active].program_count; i++) {
		const struct program *program =
			&set->program[set->profile[active].first_program + i];

		outlook[program->relay - 1].in_profile = true;
		outlook[program->relay - 1].today =
			schedule_matches(set, (unsigned)active, program, calendar_date_of(now_s));
		outlooks.unknown++;
	}
	if (windows_mark(set, (unsigned)active, state, now_s, outlook) == -1)
		return -1;
	return forecast_run(set, state, policy, now_s, now_s + OUTLOOK_S, outlook_take, &outlooks);
}

char *runner_idle_reason(const struct runner_state *state, char *text, size_t size)
{
	char until[STAMP_SIZE];

	/* Each is cut when the text has no room. */
	if (state->active[0] == '\0')
		(void)snprintf(text, size, "no profile is active");
	else if (!state->running)
		(void)snprintf(text, size, "stopped");
	else if (state->paused && state->pause_until_s > 0)
		(void)snprintf(text, size, "paused until %s",
			       stamp_local(state->pause_until_s * NS_PER_S, until, sizeof(until)));
	else if (state->paused)
		(void)snprintf(text, size, "paused");
	else if (state->rain_until_s > 0)
		(void)snprintf(text, size, "rain delay until %s",
			       stamp_local(state->rain_until_s * NS_PER_S, until, sizeof(until)));
	else
		(void)snprintf(text, size, "%s", "");
	return text;
}
