/* srv/schedule/runner.h: what the active profile asks for, whatever people and clocks do. */

#include <errno.h>
#include <stdbool.h>
#include "schedule_fixture.h"
#include "schedule/forecast.h"
#include "schedule/runner.h"

#define DAY "2026-06-01" /* a Monday; the zone is Kolkata's, without clock changes */

static const char *const two_relays =
	"summer:\n"
	"  active: True\n"
	"  relay1: {days: all, times: [800, 900], durations: [10, 10]}\n"
	"  relay2: {days: all, times: [800], durations: [20]}\n"
	"winter:\n"
	"  relay1: {days: all, times: [803], durations: [5]}\n";

/* A keeper without relays: it keeps what the runner asks for as text. */
struct bench {
	struct profile_set *set;
	struct runner_policy policy;
	struct runner *runner;
	struct runner_step step;
	char trace[4096];
};

static struct bench bench;

static int bench_open(void **state)
{
	(void)state;
	zone_use("Asia/Kolkata");
	bench = (struct bench){.set = profiles_of(two_relays),
			       .policy = {.resume_rest = true, .autostart = true}};
	bench.runner = runner_create(bench.set, &bench.policy, NULL);
	return bench.runner ? 0 : -1;
}

static int bench_close(void **state)
{
	(void)state;
	runner_destroy(bench.runner);
	free(bench.set);
	return 0;
}

/* A local time of DAY, or of the day it names: "08:00:00", "2026-06-02T08:00:00". */
static int64_t when_ns(const char *time)
{
	char text[STAMP_SIZE];

	snprintf(text, sizeof(text), "%s%s+05:30", strlen(time) == 8 ? DAY "T" : "", time);
	return at(text) * FIXTURE_NS_PER_S;
}

static void note(const struct runner_action *action)
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
static void step(const char *time, const char *expected)
{
	bench.trace[0] = '\0';
	assert_int_equal(runner_step(bench.runner, when_ns(time), &bench.step), 0);
	for (unsigned i = 0; i < bench.step.count; i++)
		note(&bench.step.action[i]);
	if (strcmp(bench.trace, expected) != 0)
		fail_msg("%s: '%s', but right is '%s'", time, bench.trace, expected);
}

static void assert_wake(const char *time)
{
	char text[STAMP_SIZE];

	if (bench.step.wake_ns != when_ns(time))
		fail_msg("wakes at %s, but right is %s",
			 stamp_local(bench.step.wake_ns, text, sizeof(text)), time);
}

/* The keeper dies and another begins with what is on disk. */
static void restart(void)
{
	struct runner_state remembered = *runner_state(bench.runner);

	runner_destroy(bench.runner);
	bench.runner = runner_create(bench.set, &bench.policy, &remembered);
	assert_non_null(bench.runner);
}

static void reload(const char *text)
{
	struct profile_set *before = bench.set;

	bench.set = profiles_of(text);
	runner_reload(bench.runner, bench.set);
	free(before);
}

static void a_day_goes_by(void **state)
{
	(void)state;
	step("07:00:00", "");
	assert_wake("08:00:00");
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	assert_wake("09:00:00");
	step("08:00:00", "");
	step("08:10:00", "");
	step("09:00:00", "close 1 for 600 of 600; ");
	assert_wake("2026-06-02T08:00:00");
}

static void a_late_step_keeps_the_end(void **state)
{
	struct runner_step late;

	(void)state;
	step("07:00:00", "");
	assert_int_equal(runner_step(bench.runner, when_ns("08:00:00") + 40 * 1000000, &late), 0);
	assert_int_equal(late.count, 2);
	assert_int_equal(late.action[0].length_ms, 600000 - 40);
	assert_int_equal(late.action[0].planned_s, 600);
}

static void a_start_inside_a_window_runs_the_rest(void **state)
{
	(void)state;
	step("08:04:00", "close 1 for 360 of 360; close 2 for 960 of 960; ");
}

static void a_restart_inside_a_window_runs_the_rest_once(void **state)
{
	(void)state;
	step("07:00:00", "");
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	restart();
	step("08:04:00", "close 1 for 360 of 360; close 2 for 960 of 960; ");
	restart();
	step("08:12:00", "close 2 for 480 of 480; ");
	restart();
	step("08:20:00", "");
	restart();
	step("08:00:00", "");
}

static void with_resume_skip_the_rest_is_left_out(void **state)
{
	(void)state;
	bench.policy.resume_rest = false;
	runner_policy_set(bench.runner, &bench.policy);
	step("07:00:00", "");
	step("08:00:03", "close 1 for 597 of 600; close 2 for 1197 of 1200; ");
	restart();
	step("08:04:00", "");
	step("09:00:00", "close 1 for 600 of 600; ");
	assert_int_equal(runner_stop(bench.runner), 0);
	step("09:00:10", "open 1; ");
	assert_int_equal(runner_start(bench.runner), 0);
	step("09:00:20", "");
	bench_close(NULL);
	bench_open(NULL);
	bench.policy.resume_rest = false;
	runner_policy_set(bench.runner, &bench.policy);
	step("08:04:00", "left 1; left 2; ");
	step("08:05:00", "");
}

static void a_clock_set_back_waters_nothing_twice(void **state)
{
	(void)state;
	step("07:50:00", "");
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	step("08:10:00", "");
	step("07:10:00", ""); /* relay 2 still runs: nothing is asked of it */
	assert_wake("09:00:00");
	runner_over(bench.runner, 2);
	step("08:00:00", "");
	step("08:05:00", "");
	restart();
	step("08:06:00", "");
	step("09:00:00", "close 1 for 600 of 600; ");
}

static void a_clock_set_back_and_a_restart_water_nothing_twice(void **state)
{
	(void)state;
	step("07:50:00", "");
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	restart();
	step("07:05:00", "");
	step("08:00:00", "");
	step("08:05:00", "");
	step("09:00:00", "close 1 for 600 of 600; ");
}

static void a_clock_set_forward_skips_and_tells(void **state)
{
	(void)state;
	step("07:50:00", "");
	step("09:04:00", "missed 1 times 1; missed 2 times 1; close 1 for 360 of 360; ");
	step("2026-06-03T12:00:00", "missed 1 times 4; missed 2 times 2; ");
	step("2026-08-03T12:00:00",
	     "missed 1 times 22; missed 2 times 11; "); /* two weeks are planned */
	step("2026-08-04T08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
}

static void stop_opens_and_start_runs_the_rest(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	assert_int_equal(runner_stop(bench.runner), 0);
	step("08:02:00", "open 1; open 2; ");
	assert_int_equal(bench.step.wake_ns, -1);
	assert_int_equal(runner_stop(bench.runner), -1);
	assert_int_equal(errno, EALREADY);
	step("08:03:00", "");
	assert_int_equal(runner_start(bench.runner), 0);
	assert_int_equal(runner_start(bench.runner), -1);
	assert_int_equal(errno, EALREADY);
	step("08:05:00", "close 1 for 300 of 300; close 2 for 900 of 900; ");
}

static void what_is_stopped_stays_stopped_over_a_restart(void **state)
{
	(void)state;
	assert_int_equal(runner_stop(bench.runner), 0);
	restart();
	step("08:00:00", "");
	bench.policy.autostart = false;
	assert_int_equal(runner_start(bench.runner), 0);
	restart();
	assert_false(runner_state(bench.runner)->running);
}

static void pause_holds_the_profile(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	assert_int_equal(runner_pause(bench.runner, when_ns("08:01:00"), 240), 0);
	step("08:01:00", "open 1; open 2; ");
	assert_wake("08:05:00");
	restart();
	step("08:02:00", "");
	step("08:05:00", "close 1 for 300 of 300; close 2 for 900 of 900; ");
	assert_int_equal(runner_pause(bench.runner, when_ns("08:06:00"), 0), 0);
	step("08:06:00", "open 1; open 2; ");
	assert_int_equal(bench.step.wake_ns, -1);
	step("09:01:00", "");
	assert_int_equal(runner_resume(bench.runner), 0);
	step("09:02:00", "close 1 for 480 of 480; ");
	assert_int_equal(runner_resume(bench.runner), -1);
	assert_int_equal(errno, EALREADY);
}

static void rain_delay_keeps_the_water_off_and_survives(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	runner_rain_delay(bench.runner, when_ns("08:01:00"), 86400);
	step("08:01:00", "open 1; open 2; ");
	assert_wake("2026-06-02T08:01:00");
	restart();
	step("09:00:00", "");
	step("2026-06-02T08:01:00", "close 1 for 540 of 540; close 2 for 1140 of 1140; ");
	runner_rain_delay(bench.runner, when_ns("2026-06-02T08:02:00"), 3600);
	step("2026-06-02T08:02:00", "open 1; open 2; ");
	runner_rain_delay(bench.runner, when_ns("2026-06-02T08:03:00"), 0);
	step("2026-06-02T08:03:00", "close 1 for 420 of 420; close 2 for 1020 of 1020; ");
}

static void the_level_holds_for_what_begins_later(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	assert_int_equal(runner_level(bench.runner, 50), 0);
	step("08:01:00", "");
	step("09:00:00", "close 1 for 300 of 300; ");
	assert_int_equal(runner_level(bench.runner, 251), -1);
	assert_int_equal(errno, ERANGE);
	assert_int_equal(runner_level(bench.runner, -1), -1);
	assert_int_equal(runner_level(bench.runner, 0), 0);
	step("2026-06-02T08:00:00", "");
	restart();
	assert_int_equal(runner_state(bench.runner)->level_percent, 0);
	assert_int_equal(runner_level(bench.runner, 250), 0);
	step("2026-06-02T09:00:00", "close 1 for 1500 of 1500; ");
}

static void skip_leaves_out_the_next_run_only(void **state)
{
	(void)state;
	step("07:00:00", "");
	assert_int_equal(runner_skip(bench.runner, 1), 0);
	restart();
	step("08:00:00", "skipped 1; close 2 for 1200 of 1200; ");
	step("08:05:00", "");
	step("09:00:00", "close 1 for 600 of 600; ");
}

static void a_manual_opening_holds_until_the_window_ends(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	runner_manual(bench.runner, when_ns("08:03:00"), 1, false, 0);
	step("08:03:00", "");
	restart();
	step("08:04:00", "close 2 for 960 of 960; ");
	step("08:10:00", "");
	step("09:00:00", "close 1 for 600 of 600; ");
	runner_manual(bench.runner, when_ns("09:30:00"), 1, false, 0); /* in no window */
	step("2026-06-02T08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
}

static void a_manual_closing_holds_for_its_span(void **state)
{
	(void)state;
	step("07:00:00", "");
	runner_manual(bench.runner, when_ns("07:59:00"), 1, true, 300);
	step("07:59:00", "");
	step("08:00:00", "close 2 for 1200 of 1200; ");
	assert_wake("08:04:01"); /* a second after the relay is let go */
	step("08:04:01", "close 1 for 359 of 359; ");
	runner_manual(bench.runner, when_ns("08:05:00"), 1, true, 3600); /* over the whole rest */
	step("08:05:00", "");
	step("09:00:00", "");
	step("09:05:01", "close 1 for 299 of 299; ");
}

static void an_opening_ends_a_manual_closing_until_the_window_ends(void **state)
{
	(void)state;
	step("07:00:00", "");
	runner_manual(bench.runner, when_ns("07:59:00"), 1, true, 3600);
	step("08:00:00", "close 2 for 1200 of 1200; ");
	runner_manual(bench.runner, when_ns("08:02:00"), 1, false, 0);
	step("08:02:00", "");
	step("08:10:00", "");
	step("09:00:00", "close 1 for 600 of 600; ");
}

static void stop_leaves_manual_runs_alone(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	runner_manual(bench.runner, when_ns("08:01:00"), 1, true, 3600);
	assert_int_equal(runner_stop(bench.runner), 0);
	step("08:02:00", "open 2; ");
}

static void a_reload_lets_runs_go_on(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	reload(two_relays);
	step("08:01:00", "");
	reload("summer:\n"
	       "  active: True\n"
	       "  relay1: {days: all, times: [800, 801, 900], durations: [10, 29, 5]}\n"
	       "  relay3: {days: all, times: [759], durations: [10]}\n");
	/* 801 touches what runs and goes on for 20 minutes more; relay 3 has its rest. */
	step("08:02:00", "close 3 for 420 of 420; extend 1 for 1200 of 1800; ");
	step("08:20:00", "");
	step("09:00:00", "close 1 for 300 of 300; ");
}

static void a_reload_without_the_active_profile_stops_it(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	reload("winter:\n  relay1: {days: all, times: [803], durations: [5]}\n");
	assert_int_equal(runner_active(bench.runner), -1);
	assert_false(runner_state(bench.runner)->running);
	step("08:01:00", "open 1; open 2; ");
	assert_int_equal(runner_start(bench.runner), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(runner_skip(bench.runner, 1), -1);
	assert_int_equal(errno, ENOENT);
}

static void a_reload_that_calls_another_active_runs_that(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	reload("summer:\n  relay1: {days: all, times: [800], durations: [10]}\n"
	       "winter:\n  active: True\n  relay1: {days: all, times: [803], durations: [5]}\n");
	assert_int_equal(runner_active(bench.runner), 1);
	step("08:04:00", "open 1; open 2; close 1 for 240 of 240; ");
}

static void a_choice_holds_until_the_file_chooses_anew(void **state)
{
	(void)state;
	assert_int_equal(runner_activate(bench.runner, 1), -1);
	assert_int_equal(errno, EBUSY);
	assert_int_equal(runner_stop(bench.runner), 0);
	assert_int_equal(runner_activate(bench.runner, 2), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(runner_activate(bench.runner, 1), 0);
	assert_int_equal(runner_start(bench.runner), 0);
	restart();
	assert_string_equal(runner_state(bench.runner)->active, "winter");
	step("08:03:00", "close 1 for 300 of 300; ");
	reload(two_relays);
	assert_string_equal(runner_state(bench.runner)->active, "winter");
}

static void another_profiles_run_is_not_resumed(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	assert_int_equal(runner_stop(bench.runner), 0);
	step("08:01:00", "open 1; open 2; ");
	assert_int_equal(runner_activate(bench.runner, 1), 0);
	assert_int_equal(runner_start(bench.runner), 0);
	step("08:02:00", "");
	step("08:03:00", "close 1 for 300 of 300; ");
}

/* The interlock made relay 2 wait: its run keeps its length, over a restart as well. */
static void a_run_that_waits_keeps_its_length(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	runner_expect(bench.runner, 2, when_ns("08:30:00"));
	step("08:21:00", "");
	restart();
	step("08:22:00", "close 2 for 480 of 480; ");
	bench_close(NULL);
	bench_open(NULL);
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	runner_expect(bench.runner, 2, when_ns("09:00:00"));
	restart();
	step("08:05:00", "close 1 for 300 of 300; close 2 for 1200 of 1200; ");
}

static void a_run_that_begins_while_one_hangs_over_comes_on_top(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	runner_expect(bench.runner, 1, when_ns("09:05:00"));
	step("09:00:00", "extend 1 for 600 of 1200; ");
	assert_int_equal(runner_state(bench.runner)->relay[0].until_s * FIXTURE_NS_PER_S,
			 when_ns("09:15:00"));
}

static void what_is_over_early_is_not_resumed(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	runner_over(bench.runner, 2); /* max_on */
	restart();
	step("08:02:00", "close 1 for 480 of 480; ");
}

static void changes_are_told_once(void **state)
{
	(void)state;
	assert_true(runner_changed(bench.runner));
	assert_false(runner_changed(bench.runner));
	step("07:00:00", "");
	assert_false(runner_changed(bench.runner));
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	assert_true(runner_changed(bench.runner));
	step("08:00:01", "");
	assert_false(runner_changed(bench.runner));
	step("08:10:00", "");
	assert_true(runner_changed(bench.runner)); /* relay 1's run is over */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)
	const struct CMUnitTest tests[] = {
		TEST(a_day_goes_by),
		TEST(a_late_step_keeps_the_end),
		TEST(a_start_inside_a_window_runs_the_rest),
		TEST(a_restart_inside_a_window_runs_the_rest_once),
		TEST(with_resume_skip_the_rest_is_left_out),
		TEST(a_clock_set_back_waters_nothing_twice),
		TEST(a_clock_set_back_and_a_restart_water_nothing_twice),
		TEST(a_clock_set_forward_skips_and_tells),
		TEST(stop_opens_and_start_runs_the_rest),
		TEST(what_is_stopped_stays_stopped_over_a_restart),
		TEST(pause_holds_the_profile),
		TEST(rain_delay_keeps_the_water_off_and_survives),
		TEST(the_level_holds_for_what_begins_later),
		TEST(skip_leaves_out_the_next_run_only),
		TEST(a_manual_opening_holds_until_the_window_ends),
		TEST(a_manual_closing_holds_for_its_span),
		TEST(an_opening_ends_a_manual_closing_until_the_window_ends),
		TEST(stop_leaves_manual_runs_alone),
		TEST(a_reload_lets_runs_go_on),
		TEST(a_reload_without_the_active_profile_stops_it),
		TEST(a_reload_that_calls_another_active_runs_that),
		TEST(a_choice_holds_until_the_file_chooses_anew),
		TEST(another_profiles_run_is_not_resumed),
		TEST(a_run_that_waits_keeps_its_length),
		TEST(a_run_that_begins_while_one_hangs_over_comes_on_top),
		TEST(what_is_over_early_is_not_resumed),
		TEST(changes_are_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
