/* srv/schedule/runner.h: what the active profile asks for, whatever clocks and crashes do. */

#include "runner_bench.h"

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

static void a_clock_that_comes_back_runs_what_was_missed(void **state)
{
	(void)state;
	step("08:30:00", "");
	step("12:00:00", "missed 1 times 1; ");
	step("08:31:00", "");
	assert_wake("09:00:00");
	step("09:00:00", "close 1 for 600 of 600; ");
}

static void an_interrupted_run_has_its_rest_only_when_the_clock_is_set_back(void **state)
{
	(void)state;
	step("08:00:00", "close 1 for 600 of 600; close 2 for 1200 of 1200; ");
	assert_int_equal(runner_stop(bench.runner), 0);
	step("08:08:00", "open 1; open 2; ");
	assert_int_equal(runner_start(bench.runner), 0);
	step("08:01:00", "close 1 for 120 of 120; close 2 for 720 of 720; ");
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
	runner_expect(bench.runner, 1, when_ns("08:10:00") + 3000000); /* two clocks' jitter */
	runner_expect(bench.runner, 2, when_ns("08:20:00") - 3000000);
	assert_false(runner_changed(bench.runner));
	runner_expect(bench.runner, 2, when_ns("08:20:01"));
	assert_true(runner_changed(bench.runner));
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
		TEST(a_clock_that_comes_back_runs_what_was_missed),
		TEST(an_interrupted_run_has_its_rest_only_when_the_clock_is_set_back),
		TEST(a_clock_set_forward_skips_and_tells),
		TEST(a_reload_lets_runs_go_on),
		TEST(a_reload_without_the_active_profile_stops_it),
		TEST(a_reload_that_calls_another_active_runs_that),
		TEST(a_run_that_waits_keeps_its_length),
		TEST(a_run_that_begins_while_one_hangs_over_comes_on_top),
		TEST(what_is_over_early_is_not_resumed),
		TEST(changes_are_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
