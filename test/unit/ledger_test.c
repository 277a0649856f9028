/* srv/schedule/ledger.h: what has been run is known, and forgetting never waters twice. */

#include <stdbool.h>
#include "schedule_fixture.h"
#include "schedule/ledger.h"

static struct ledger_entry run_of(uint32_t relay, int64_t first_s, int64_t last_s)
{
	return (struct ledger_entry){
		.profile_key = 7, .relay = relay, .first_civil_s = first_s, .last_civil_s = last_s};
}

static void what_was_added_is_known(void **state)
{
	static struct ledger ledger;
	struct ledger_entry late = run_of(1, 2000, 3000), early = run_of(2, 1000, 1000);

	(void)state;
	assert_false(ledger_has(&ledger, 7, 1, 2000));
	ledger_add(&ledger, &late);
	ledger_add(&ledger, &early);
	assert_true(ledger_has(&ledger, 7, 1, 2000));
	assert_true(ledger_has(&ledger, 7, 1, 2500));
	assert_true(ledger_has(&ledger, 7, 1, 3000));
	assert_false(ledger_has(&ledger, 7, 1, 1999));
	assert_false(ledger_has(&ledger, 7, 1, 3001));
	assert_false(ledger_has(&ledger, 7, 1, 1000));
	assert_true(ledger_has(&ledger, 7, 2, 1000));
	assert_false(ledger_has(&ledger, 7, 2, 2000));
	assert_false(ledger_has(&ledger, 8, 1, 2000));
}

/* The dropped counts as run, and so does all before it. */
static void a_full_ledger_forgets_on_the_safe_side(void **state)
{
	static struct ledger ledger;
	int64_t runs = 3 * LEDGER_MAX;

	(void)state;
	for (int64_t i = 1; i <= runs; i++) {
		/* Two at a time, the later one first: order of time is the ledger's to keep. */
		int64_t start_s = 100 * (i % 2 ? i + 1 : i - 1);
		struct ledger_entry entry = run_of(1, start_s, start_s + 50);

		ledger_add(&ledger, &entry);
	}
	assert_int_equal(ledger.count, LEDGER_MAX);
	for (unsigned i = 1; i < ledger.count; i++)
		assert_true(ledger.entry[i - 1].last_civil_s <= ledger.entry[i].last_civil_s);
	for (int64_t i = 1; i <= runs; i++)
		assert_true(ledger_has(&ledger, 7, 1, 100 * i));
	assert_false(ledger_has(&ledger, 7, 1, 100 * runs + 51));
	assert_int_equal(ledger.horizon_civil_s, 100 * (runs - LEDGER_MAX) + 50);
}

/* A clock that was years ahead for a while must not keep the water off for years. */
static void runs_before_a_full_ledger_are_noted_by_the_horizon(void **state)
{
	static struct ledger ledger;
	struct ledger_entry before = run_of(1, 5000, 5000);

	(void)state;
	for (int64_t i = 0; i < LEDGER_MAX; i++) {
		struct ledger_entry future = run_of(1, 1000000 + 100 * i, 1000000 + 100 * i);

		ledger_add(&ledger, &future);
	}
	ledger_add(&ledger, &before);
	assert_int_equal(ledger.count, LEDGER_MAX);
	assert_true(ledger_has(&ledger, 7, 1, 5000));
	assert_false(ledger_has(&ledger, 7, 1, 5001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_known),
		cmocka_unit_test(a_full_ledger_forgets_on_the_safe_side),
		cmocka_unit_test(runs_before_a_full_ledger_are_noted_by_the_horizon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
