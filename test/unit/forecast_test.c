/* srv/schedule/forecast.h: what will be, as a runner of that state will do it. */

#include <stdbool.h>
#include "schedule_fixture.h"
#include "schedule/forecast.h"

static const struct runner_policy policy = {.resume_rest = true, .autostart = true};

static struct profile_set *set;
static struct runner *runner;
static struct runner_step ignored;

static int begin(void **state)
{
	(void)state;
	zone_use("Asia/Kolkata");
	set = profiles_of("summer:\n"
			  "  active: True\n"
			  "  relay1: {days: all, times: [800, 900], durations: [10, 10]}\n"
			  "  relay2: {days: [tue], times: [800], durations: [20]}\n"
			  "  relay3: {days: [2030-01-01], times: [800], durations: [20]}\n"
			  "  relay4: {days: None}\n");
	runner = runner_create(set, &policy, NULL);
	return runner ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	runner_destroy(runner);
	free(set);
	return 0;
}

/* The first switchings after a local time of 2026-06-01, a Monday. */
static void assert_next(const char *now, int max, const char *expected)
{
	struct switching next[16];
	char text[1024] = "", stamp[STAMP_SIZE];
	int64_t now_s = at(now);
	int count = forecast_switchings(set, runner_state(runner), &policy, now_s,
					now_s + 7 * 86400, next, (size_t)max);

	assert_true(count >= 0 && count <= max);
	for (int i = 0; i < count; i++) {
		stamp_local(next[i].at_s * FIXTURE_NS_PER_S, stamp, sizeof(stamp));
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%.5s %.5s %u %s %jd; ",
			 stamp + 5, stamp + 11, next[i].relay, next[i].closed ? "on" : "off",
			 (intmax_t)next[i].planned_s);
	}
	if (strcmp(text, expected) != 0)
		fail_msg("'%s', but right is '%s'", text, expected);
}

#define AT(time) "2026-06-01T" time ":00+05:30"

static void step(const char *time)
{
	assert_int_equal(runner_step(runner, at(time) * FIXTURE_NS_PER_S, &ignored), 0);
}

static void the_next_switchings_are_told(void **state)
{
	(void)state;
	assert_next(AT("07:00"), 4,
		    "06-01 08:00 1 on 600; 06-01 08:10 1 off 0; "
		    "06-01 09:00 1 on 600; 06-01 09:10 1 off 0; ");
	assert_next(AT("23:00"), 4,
		    "06-02 08:00 1 on 600; 06-02 08:00 2 on 1200; "
		    "06-02 08:10 1 off 0; 06-02 08:20 2 off 0; ");
}

static void of_a_run_under_way_the_end_is_told(void **state)
{
	(void)state;
	step(AT("08:00"));
	assert_next(AT("08:00"), 2, "06-01 08:10 1 off 0; 06-01 09:00 1 on 600; ");
	assert_next(AT("08:05"), 2, "06-01 08:10 1 off 0; 06-01 09:00 1 on 600; ");
	runner_expect(runner, 1, at(AT("08:12")) * FIXTURE_NS_PER_S);
	assert_next(AT("08:05"), 1, "06-01 08:12 1 off 0; ");
}

static void orders_are_reckoned_with(void **state)
{
	(void)state;
	runner_skip(runner, 1);
	assert_next(AT("07:00"), 1, "06-01 09:00 1 on 600; ");
	runner_level(runner, 50);
	assert_next(AT("07:00"), 2, "06-01 09:00 1 on 300; 06-01 09:05 1 off 0; ");
	runner_rain_delay(runner, at(AT("07:00")) * FIXTURE_NS_PER_S, 86400);
	assert_next(AT("07:00"), 2, "06-02 08:00 2 on 600; 06-02 08:10 2 off 0; ");
	runner_pause(runner, at(AT("07:00")) * FIXTURE_NS_PER_S, 0);
	assert_next(AT("07:00"), 2, "");
	runner_resume(runner);
	runner_stop(runner);
	assert_next(AT("07:00"), 2, "");
}

static void a_manual_closing_puts_the_profile_off(void **state)
{
	(void)state;
	step(AT("07:55"));
	runner_manual(runner, at(AT("07:55")) * FIXTURE_NS_PER_S, 1, true, 600);
	assert_next(AT("07:55"), 2, "06-01 08:05 1 on 299; 06-01 08:10 1 off 0; ");
}

static void each_relay_has_its_outlook(void **state)
{
	struct outlook outlook[RELAYS_MAX];

	(void)state;
	step(AT("07:00"));
	assert_int_equal(
		forecast_outlook(set, runner_state(runner), &policy, at(AT("07:00")), outlook), 0);
	assert_true(outlook[0].in_profile && outlook[0].today && !outlook[0].in_window);
	assert_true(outlook[0].known && outlook[0].closed);
	assert_int_equal(outlook[0].next_s, at(AT("08:00")));
	assert_true(outlook[1].in_profile && !outlook[1].today && outlook[1].known);
	assert_int_equal(outlook[1].next_s, at("2026-06-02T08:00:00+05:30"));
	assert_true(outlook[2].in_profile && !outlook[2].known);
	assert_true(outlook[3].in_profile && !outlook[3].known && !outlook[3].today);
	assert_false(outlook[4].in_profile);
	step(AT("09:00"));
	assert_int_equal(
		forecast_outlook(set, runner_state(runner), &policy, at(AT("09:04")), outlook), 0);
	assert_true(outlook[0].in_window && outlook[0].known && !outlook[0].closed);
	assert_int_equal(outlook[0].window_until_s, at(AT("09:10")));
	assert_int_equal(outlook[0].next_s, at(AT("09:10")));
	runner_stop(runner);
	assert_int_equal(
		forecast_outlook(set, runner_state(runner), &policy, at(AT("09:04")), outlook), 0);
	assert_true(outlook[0].in_window && !outlook[0].known);
}

static void the_reason_for_idleness_is_told(void **state)
{
	char text[128];

	(void)state;
	assert_string_equal(runner_idle_reason(runner_state(runner), text, sizeof(text)), "");
	runner_rain_delay(runner, at(AT("07:00")) * FIXTURE_NS_PER_S, 3600);
	assert_string_equal(runner_idle_reason(runner_state(runner), text, sizeof(text)),
			    "rain delay until 2026-06-01T08:00:00+05:30");
	runner_pause(runner, at(AT("07:00")) * FIXTURE_NS_PER_S, 60);
	assert_string_equal(runner_idle_reason(runner_state(runner), text, sizeof(text)),
			    "paused until 2026-06-01T07:01:00+05:30");
	runner_pause(runner, at(AT("07:00")) * FIXTURE_NS_PER_S, 0);
	assert_string_equal(runner_idle_reason(runner_state(runner), text, sizeof(text)), "paused");
	runner_stop(runner);
	assert_string_equal(runner_idle_reason(runner_state(runner), text, sizeof(text)),
			    "stopped");
	free(set);
	set = profiles_of("");
	runner_reload(runner, set);
	assert_string_equal(runner_idle_reason(runner_state(runner), text, sizeof(text)),
			    "no profile is active");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(the_next_switchings_are_told), TEST(of_a_run_under_way_the_end_is_told),
		TEST(orders_are_reckoned_with),	    TEST(a_manual_closing_puts_the_profile_off),
		TEST(each_relay_has_its_outlook),   TEST(the_reason_for_idleness_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
