#ifndef RUNNER_BENCH_H
#define RUNNER_BENCH_H

/*
 * A keeper without relays for the tests of srv/schedule/runner.h: what the runner asks for becomes
 * text. Static, since a unit test is one source file.
 */

#include <errno.h>
#include <stdbool.h>
#include "schedule_fixture.h"
#include "schedule/runner.h"

#define DAY "2026-06-01" /* a Monday; the zone is Kolkata's, without clock changes */

static const char *const two_relays =
	"summer:\n"
	"  active: True\n"
	"  relay1: {days: all, times: [800, 900], durations: [10, 10]}\n"
	"  relay2: {days: all, times: [800], durations: [20]}\n"
	"winter:\n"
	"  relay1: {days: all, times: [803], durations: [5]}\n";

struct bench {
	struct profile_set *set;
	struct runner_policy policy;
	struct runner *runner;
	struct runner_step step;
	char trace[4096];
};

static struct bench bench;

static inline int bench_open(void **state)
{
	(void)state;
	zone_use("Asia/Kolkata");
	bench = (struct bench){.set = profiles_of(two_relays),
			       .policy = {.resume_rest = true, .autostart = true}};
	bench.runner = runner_create(bench.set, &bench.policy, NULL);
	return bench.runner ? 0 : -1;
}

static inline int bench_close(void **state)
{
	(void)state;
	runner_destroy(bench.runner);
	free(bench.set);
	return 0;
}

/* A local time of DAY, or of the day it names: "08:00:00", "2026-06-02T08:00:00". */
static inline int64_t when_ns(const char *time)
{
	char text[STAMP_SIZE];

	snprintf(text, sizeof(text), "%s%s+05:30", strlen(time) == 8 ? DAY "T" : "", time);
	return at(text) * FIXTURE_NS_PER_S;
}

static inline void note(const struct runner_action *action)
{
	static const char *const names[] = {
		[RUNNER_CLOSE] = "close",      [RUNNER_EXTEND] = "extend",
		[RUNNER_OPEN] = "open",	       [RUNNER_SKIPPED] = "skipped",
		[RUNNER_NOT_RESUMED] = "left", [RUNNER_MISSED] = "missed",
	};
	size_t length = strlen(bench.trace);
	char *end = bench.trace + length;
	size_t room = sizeof(bench.trace) - length;

	if (action->act == RUNNER_CLOSE || action->act == RUNNER_EXTEND)
		snprintf(end, room, "%s %u for %jd of %jd; ", names[action->act], action->relay,
			 (intmax_t)action->length_ms / 1000, (intmax_t)action->planned_s);
	else if (action->act == RUNNER_MISSED)
		snprintf(end, room, "missed %u times %u; ", action->relay, action->missed);
	else
		snprintf(end, room, "%s %u; ", names[action->act], action->relay);
}

/* Step at that time; what it asks for must be expected. */
static inline void step(const char *time, const char *expected)
{
	bench.trace[0] = '\0';
	assert_int_equal(runner_step(bench.runner, when_ns(time), &bench.step), 0);
	for (unsigned i = 0; i < bench.step.count; i++)
		note(&bench.step.action[i]);
	if (strcmp(bench.trace, expected) != 0)
		fail_msg("%s: '%s', but right is '%s'", time, bench.trace, expected);
}

static inline void assert_wake(const char *time)
{
	char text[STAMP_SIZE];

	if (bench.step.wake_ns != when_ns(time))
		fail_msg("wakes at %s, but right is %s",
			 stamp_local(bench.step.wake_ns, text, sizeof(text)), time);
}

/* The keeper dies and another begins with what is on disk. */
static inline void restart(void)
{
	struct runner_state remembered = *runner_state(bench.runner);

	runner_destroy(bench.runner);
	bench.runner = runner_create(bench.set, &bench.policy, &remembered);
	assert_non_null(bench.runner);
}

static inline void reload(const char *text)
{
	struct profile_set *before = bench.set;

	bench.set = profiles_of(text);
	runner_reload(bench.runner, bench.set);
	free(before);
}

#endif
