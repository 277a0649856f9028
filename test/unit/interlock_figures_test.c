/*
 * interlock_figures_test.c: the interlock's plain values: what it takes for settings, what it tells
 * of relays and power.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "interlock_reference.h"
#include "keeper/interlock.h"
#include "span.h"

static void power_is_the_sum_of_the_figures(void **state)
{
	struct interlock_config config = reference();
	struct interlock *interlock = interlock_create(&config);
	int64_t next_ms;
	char reason[96];

	(void)state; /* cmocka's signature */
	assert_true(interlock_power(interlock, 0) == 0.0);
	interlock_close(interlock, 0, 1, 0, CAUSE_MANUAL, reason, sizeof(reason));
	interlock_close(interlock, 0, 2, 0, CAUSE_MANUAL, reason, sizeof(reason));
	interlock_close(interlock, 0, 3, 0, CAUSE_MANUAL, reason, sizeof(reason));
	assert_int_equal(interlock_step(interlock, 0, &next_ms), 3);
	assert_int_equal(next_ms, 1000);
	assert_true(fabs(interlock_power(interlock, 999) - 28.8) < 1e-9);
	assert_true(fabs(interlock_power(interlock, 1000) - 9.6) < 1e-9);
	interlock_step(interlock, 1000, &next_ms);
	assert_true(fabs(interlock_power(interlock, 1000) - 24.0) < 1e-9);
	interlock_open_all(interlock, 1500);
	assert_true(interlock_power(interlock, 1500) == 0.0);
	interlock_step(interlock, 1500, &next_ms);
	assert_int_equal(next_ms, -1);
	interlock_destroy(interlock);
}

static void relay_tells_what_is_known(void **state)
{
	struct interlock_config config = reference();
	struct interlock_relay relay;
	int64_t next_ms;
	char reason[96];

	(void)state; /* cmocka's signature */
	config.relay[0].group = config.relay[1].group = 1;
	config.master = 8;
	struct interlock *interlock = interlock_create(&config);
	interlock_close(interlock, 500, 1, 5000, CAUSE_MANUAL, reason, sizeof(reason));
	interlock_close(interlock, 500, 2, 7000, CAUSE_PROFILE, reason, sizeof(reason));
	interlock_step(interlock, 500, &next_ms);
	interlock_relay(interlock, 1, &relay);
	assert_true(relay.closed && !relay.queued && relay.cause == CAUSE_MANUAL);
	assert_true(relay.closed_ms == 500 && relay.open_ms == 5500 && relay.length_ms == 5000);
	interlock_relay(interlock, 2, &relay);
	assert_true(!relay.closed && relay.queued && relay.cause == CAUSE_PROFILE);
	assert_true(relay.due_ms == 5500 && relay.length_ms == 7000);
	interlock_relay(interlock, 3, &relay);
	assert_true(!relay.closed && !relay.queued && relay.cause == CAUSE_NONE);
	interlock_relay(interlock, 8, &relay);
	assert_true(relay.closed && relay.cause == CAUSE_MASTER);
	assert_true(relay.closed_ms == 500 && relay.open_ms == 12500);
	interlock_open_all(interlock, 600);
	interlock_relay(interlock, 8, &relay);
	assert_true(!relay.closed && relay.cause == CAUSE_MASTER);
	interlock_destroy(interlock);
}

static void relays_that_do_not_exist_stay_open(void **state)
{
	struct interlock_config config = reference();
	struct interlock *interlock = interlock_create(&config);
	struct interlock_relay relay;
	char reason[96];

	(void)state; /* cmocka's signature */
	for (unsigned number = 0; number <= 9; number += 9) {
		assert_int_equal(interlock_close(interlock, 0, number, 0, CAUSE_MANUAL, reason,
						 sizeof(reason)),
				 INTERLOCK_NEVER);
		assert_non_null(strstr(reason, "does not exist"));
		assert_int_equal(interlock_open(interlock, 0, number), INTERLOCK_ALREADY);
		interlock_relay(interlock, number, &relay);
		assert_false(relay.closed || relay.queued);
	}
	interlock_destroy(interlock);
}

static void figures_out_of_bounds_are_refused(void **state)
{
	static const struct {
		size_t offset;
		double bad[3];
		bool is_power;
	} figures[] = {
#define TIME(name) {offsetof(struct interlock_config, name), {-1, SPAN_MAX_MS + 1.0, -1}, false}
#define POWER(name)                                                           \
	{                                                                     \
		offsetof(struct interlock_config, name), {-1, 2e6, NAN}, true \
	}
		POWER(supply_va),    POWER(inrush_va),	       POWER(hold_va),
		TIME(inrush_ms),     TIME(min_switch_ms),      TIME(master_lead_ms),
		TIME(master_lag_ms), TIME(relay[7].max_on_ms),
	};
	struct interlock_config config = reference(), bad;
	struct interlock *interlock = interlock_create(&config);

	(void)state; /* cmocka's signature */
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures) * 3; i++) {
		double figure = figures[i / 3].bad[i % 3];
		char *place = (char *)&bad + figures[i / 3].offset;
		bad = config;
		if (figures[i / 3].is_power)
			memcpy(place, &figure, sizeof(figure));
		else
			memcpy(place, &(int64_t){(int64_t)figure}, sizeof(int64_t));
		errno = 0;
		assert_null(interlock_create(&bad));
		assert_int_equal(errno, EINVAL);
		assert_int_equal(interlock_configure(interlock, &bad), -1);
	}
	interlock_destroy(interlock);
}

static void numbers_out_of_bounds_are_refused(void **state)
{
	struct interlock_config config = reference(), bad = config;
	struct interlock *interlock = interlock_create(&config);

	(void)state; /* cmocka's signature */
	bad.relays = 0;
	assert_null(interlock_create(&bad));
	bad.relays = RELAYS_MAX + 1;
	assert_null(interlock_create(&bad));
	bad.relays = 7;
	errno = 0;
	assert_int_equal(interlock_configure(interlock, &bad), -1);
	assert_int_equal(errno, EINVAL);
	bad = config;
	bad.master = 9;
	assert_null(interlock_create(&bad));
	bad = config;
	bad.relay[3].max_on_ms = 0;
	assert_null(interlock_create(&bad));
	interlock_destroy(interlock);
	interlock_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_is_the_sum_of_the_figures),
		cmocka_unit_test(relay_tells_what_is_known),
		cmocka_unit_test(relays_that_do_not_exist_stay_open),
		cmocka_unit_test(figures_out_of_bounds_are_refused),
		cmocka_unit_test(numbers_out_of_bounds_are_refused),
	};

	return cmocka_run_group_tests_name("interlock figures", tests, NULL, NULL);
}
