/* The relays' table: copies of one moment, also from a keeper that dies while it publishes. */

#include "state_fixture.h"

#include <string.h>
#include "state/relays.h"

static void nothing_is_known_at_first(void **state)
{
	struct relay_table table;

	memset(&table, 0xff, sizeof(table));
	relays_read(*state, &table);
	assert_int_equal(table.keeper, 0);
	assert_false(table.ready);
	assert_int_equal(table.count, 0);
}

static void newest_is_read(void **state)
{
	struct relay_table table = {.keeper = 77, .count = 8, .ready = true, .supply_va = 39.8};
	struct relay_table seen;

	for (int i = 1; i <= 3; i++) {
		table.relay[7].closed = i % 2;
		table.relay[7].since_ns = i;
		relays_publish(*state, &table);
		relays_read(*state, &seen);
		assert_memory_equal(&seen, &table, sizeof(table));
	}
}

/* A table that says one number everywhere. */
static void table_fill(struct relay_table *table, unsigned number)
{
	table->keeper = (pid_t)number;
	for (unsigned i = 0; i < RELAYS_MAX; i++)
		table->relay[i].since_ns = number;
}

static void assert_whole(const struct relay_table *table)
{
	for (unsigned i = 0; i < RELAYS_MAX; i++)
		assert_int_equal(table->relay[i].since_ns, table->keeper);
}

static int publish_until_killed(struct segment *segment, void *unused)
{
	static struct relay_table table;

	(void)unused; /* child_start's signature */
	for (unsigned number = 1; number != 0; number++) {
		table_fill(&table, number);
		relays_publish(segment, &table);
	}
	return 1;
}

static void copies_are_whole_while_written_and_after_death(void **state)
{
	const struct relay_table nothing = {0};
	struct relay_table seen;

	for (int round = 0; round < 100; round++) {
		relays_publish(*state, &nothing);
		pid_t keeper = child_start(publish_until_killed, *state, NULL);
		for (int wholes = 0; wholes < 200; wholes += seen.keeper != 0) {
			relays_read(*state, &seen);
			assert_whole(&seen);
		}
		child_kill(*state, keeper);
		relays_read(*state, &seen);
		assert_whole(&seen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		segment_test(nothing_is_known_at_first),
		segment_test(newest_is_read),
		segment_test(copies_are_whole_while_written_and_after_death),
	};

	state_tests_bound();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
