/* srv/schedule/runner.h: what people order of the active profile, and what comes of it. */

#include "runner_bench.h"

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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)
	const struct CMUnitTest tests[] = {
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
		TEST(a_choice_holds_until_the_file_chooses_anew),
		TEST(another_profiles_run_is_not_resumed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
