/* srv/keeper/watering.h: runner and interlock together, and people in between. */

#include <stdbool.h>
#include "schedule_fixture.h"
#include "keeper/watering.h"

static struct profile_set *set;
static struct runner *runner;
static struct interlock *interlock;
static int64_t now_ms;
static char told[1024];

static struct interlock_config config;

static int begin(void **state)
{
	const struct runner_policy policy = {.resume_rest = true, .autostart = true};

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	set = profiles_of("p:\n"
			  "  active: True\n"
			  "  relay1: {days: all, times: [800, 830], durations: [10, 10]}\n"
			  "  relay2: {days: all, times: [800], durations: [10]}\n");
	config = (struct interlock_config){
		.relays = 8, .hold_va = 4.8, .inrush_va = 14.4, .inrush_ms = 1000};
	for (int i = 0; i < 8; i++)
		config.relay[i].max_on_ms = 3600000;
	runner = runner_create(set, &policy, NULL);
	interlock = interlock_create(&config);
	told[0] = '\0';
	return runner && interlock ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	interlock_destroy(interlock);
	runner_destroy(runner);
	free(set);
	return 0;
}

static void hear(void *context, unsigned relay, const char *text)
{
	size_t length = strlen(told);

	(void)context;
	snprintf(told + length, sizeof(told) - length, "%u %s; ", relay, text);
}

/* Go to a time of the day, over every moment of interest; returns what is closed there. */
static uint64_t go_to(const char *time)
{
	char text[STAMP_SIZE];
	uint64_t closed;
	int64_t goal_ms, wake_ns, next_ms;

	snprintf(text, sizeof(text), "2026-06-01T%sZ", time);
	goal_ms = at(text) * 1000;
	for (;;) {
		assert_int_equal(watering_step(runner, interlock, now_ms * 1000000, now_ms,
					       &wake_ns, hear, NULL),
				 0);
		closed = interlock_step(interlock, now_ms, &next_ms);
		watering_settle(runner, interlock, 8, now_ms * 1000000, now_ms);
		if (now_ms >= goal_ms)
			return closed;
		if (wake_ns >= 0 && (next_ms < 0 || wake_ns / 1000000 < next_ms))
			next_ms = wake_ns / 1000000;
		assert_true(next_ms > now_ms || next_ms < 0);
		now_ms = next_ms < 0 || next_ms > goal_ms ? goal_ms : next_ms;
	}
}

static void start_at(const char *time)
{
	char text[STAMP_SIZE];

	snprintf(text, sizeof(text), "2026-06-01T%sZ", time);
	now_ms = at(text) * 1000;
}

static void manual_close(unsigned relay, int64_t length_ms)
{
	char reason[128];

	assert_int_not_equal(interlock_close(interlock, now_ms, relay, length_ms, CAUSE_MANUAL,
					     reason, sizeof(reason)),
			     INTERLOCK_NEVER);
}

static void windows_close_and_open(void **state)
{
	(void)state;
	start_at("07:00:00");
	assert_int_equal(go_to("07:59:59"), 0);
	assert_int_equal(go_to("08:00:00"), 3);
	assert_int_equal(go_to("08:09:59"), 3);
	assert_int_equal(go_to("08:10:00"), 0);
	assert_int_equal(go_to("08:30:00"), 1);
	assert_string_equal(told, "");
}

static void a_run_that_waits_is_told_and_keeps_its_length(void **state)
{
	(void)state;
	config.relay[0].group = config.relay[1].group = 1;
	assert_int_equal(interlock_configure(interlock, &config), 0);
	start_at("07:00:00");
	assert_int_equal(go_to("08:00:00"), 1);
	assert_non_null(strstr(told, "2 its run of 600 s waits: "));
	assert_int_equal(runner_state(runner)->relay[1].until_s, at("2026-06-01T08:20:00Z"));
	assert_int_equal(go_to("08:10:00"), 2);
	assert_int_equal(go_to("08:19:59"), 2);
	assert_int_equal(go_to("08:20:00"), 0);
}

static void a_run_that_can_never_be_is_told_and_over(void **state)
{
	(void)state;
	config.supply_va = 10;
	assert_int_equal(interlock_configure(interlock, &config), 0);
	start_at("07:00:00");
	assert_int_equal(go_to("08:00:00"), 0);
	assert_non_null(strstr(told, "1 its run of 600 s is refused: "));
	assert_int_equal(runner_state(runner)->relay[0].started_s, 0);
}

static void a_manual_run_is_left_alone_and_then_the_rest_runs(void **state)
{
	struct interlock_relay relay;

	(void)state;
	start_at("07:58:00");
	manual_close(1, 5 * 60 * 1000); /* the runner is not told: it finds out */
	assert_int_equal(go_to("08:02:59"), 3);
	interlock_relay(interlock, 1, &relay);
	assert_int_equal(relay.cause, CAUSE_MANUAL);
	assert_int_equal(go_to("08:03:00"), 2);
	assert_int_equal(go_to("08:03:01"), 3);
	assert_int_equal(go_to("08:09:59"), 3);
	assert_int_equal(go_to("08:10:00"), 0);
}

static void a_stop_opens_what_the_profile_closed_only(void **state)
{
	(void)state;
	start_at("08:00:00");
	assert_int_equal(go_to("08:00:00"), 3);
	manual_close(3, 30 * 60 * 1000);
	assert_int_equal(go_to("08:01:00"), 7);
	assert_int_equal(runner_stop(runner), 0);
	assert_int_equal(go_to("08:02:00"), 4);
}

static void max_on_ends_a_run_for_good(void **state)
{
	(void)state;
	config.relay[0].max_on_ms = 60000;
	assert_int_equal(interlock_configure(interlock, &config), 0);
	start_at("08:00:00");
	assert_int_equal(go_to("08:00:59"), 3);
	assert_int_equal(go_to("08:01:00"), 2);
	assert_int_equal(runner_state(runner)->relay[0].started_s, 0);
	assert_int_equal(go_to("08:09:00"), 2);
}

/* The wall clock is set back while relay 1 runs; the interlock's clock goes on. */
static void a_run_goes_on_when_the_clock_is_set_back(void **state)
{
	int64_t wake_ns, next_ms, back_ns = INT64_C(3600000000000);

	(void)state;
	start_at("08:00:00");
	assert_int_equal(go_to("08:05:00"), 3);
	assert_int_equal(watering_step(runner, interlock, now_ms * 1000000 - back_ns, now_ms,
				       &wake_ns, hear, NULL),
			 0);
	assert_int_equal(interlock_step(interlock, now_ms, &next_ms), 3);
	assert_int_equal(next_ms, now_ms + 5 * 60 * 1000);
	watering_settle(runner, interlock, 8, now_ms * 1000000 - back_ns, now_ms);
	assert_int_equal(runner_state(runner)->relay[0].until_s, at("2026-06-01T07:10:00Z"));
	assert_int_equal(wake_ns / 1000000000, at("2026-06-01T08:30:00Z"));
}

static void what_is_skipped_or_missed_is_told(void **state)
{
	(void)state;
	start_at("07:59:00");
	assert_int_equal(go_to("07:59:00"), 0);
	assert_int_equal(runner_skip(runner, 1), 0);
	assert_int_equal(go_to("08:00:00"), 2);
	assert_string_equal(told,
			    "1 its run of 2026-06-01T08:00:00+00:00 is left out, as ordered; ");
	told[0] = '\0';
	start_at("08:50:00"); /* the clock jumps */
	assert_int_equal(go_to("08:50:00"), 0);
	assert_string_equal(told, "1 1 missed from 2026-06-01T08:30:00+00:00 on: the clock went "
				  "past; ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(windows_close_and_open),
		TEST(a_run_that_waits_is_told_and_keeps_its_length),
		TEST(a_run_that_can_never_be_is_told_and_over),
		TEST(a_manual_run_is_left_alone_and_then_the_rest_runs),
		TEST(a_stop_opens_what_the_profile_closed_only),
		TEST(max_on_ends_a_run_for_good),
		TEST(a_run_goes_on_when_the_clock_is_set_back),
		TEST(what_is_skipped_or_missed_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
