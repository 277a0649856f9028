/* state/penalties.h: adding up, refusing, ending, making room. */

#include "state_fixture.h"

#include "clock.h"
#include "state/penalties.h"

static const struct penalty_rule rule = {.least_ms = 15000, .most_ms = 60000};

static struct source source_number(uint64_t number)
{
	return (struct source){{4, number << 32}};
}

static int64_t left_ms(struct segment *segment, const struct source *source)
{
	int64_t until_ms = penalty_until_ms(segment, source);

	return until_ms == 0 ? 0 : until_ms - clock_monotonic_ms();
}

/* Within two seconds below: a slow machine takes its time between adding and looking. */
#define assert_about(value, wanted) assert_in_range(value, (wanted)-2000, wanted)

static void below_the_least_nobody_is_refused(void **state)
{
	struct source one = source_number(1), two = source_number(2);

	penalty_add(*state, &one, 10000, &rule);
	assert_int_equal(penalty_until_ms(*state, &one), 0);
	penalty_add(*state, &one, 10000, &rule);
	assert_about(left_ms(*state, &one), 20000);
	assert_int_equal(penalty_until_ms(*state, &two), 0);
}

static void none_is_longer_than_the_most(void **state)
{
	struct source one = source_number(1);

	for (int i = 0; i < 10; i++)
		penalty_add(*state, &one, 50000, &rule);
	assert_about(left_ms(*state, &one), 60000);
}

static void one_that_is_over_is_none(void **state)
{
	const struct penalty_rule strict = {.least_ms = 0, .most_ms = 60000};
	struct source one = source_number(1);
	struct penalty penalty;

	penalty_add(*state, &one, 0, &strict);
	assert_int_equal(penalty_until_ms(*state, &one), 0);
	assert_int_equal(penalty_next(*state, 0, &penalty), -1);
	penalty_add(*state, &one, 16000, &rule); /* nothing is left of the first */
	assert_about(left_ms(*state, &one), 16000);
}

static void each_is_listed_once(void **state)
{
	struct penalty penalty;
	uint64_t seen = 0;
	int place = 0;

	for (uint64_t i = 1; i <= 3; i++) {
		struct source source = source_number(i);
		penalty_add(*state, &source, (int64_t)i * 10000, &rule);
	}
	while ((place = penalty_next(*state, place, &penalty)) != -1) {
		uint64_t number = penalty.source.key[1] >> 32;
		assert_int_equal(penalty.refused, number > 1);
		seen = seen * 10 + number;
	}
	assert_int_equal(seen, 123);
}

static void a_full_table_gives_up_what_ends_first(void **state)
{
	struct source gone = source_number(7), late = source_number(PENALTIES_MAX + 1);

	for (uint64_t i = 0; i < PENALTIES_MAX; i++) {
		struct source source = source_number(i);
		penalty_add(*state, &source, i == 7 ? 16000 : 30000, &rule);
	}
	assert_about(left_ms(*state, &gone), 16000);
	penalty_add(*state, &late, 20000, &rule);
	assert_about(left_ms(*state, &late), 20000);
	assert_int_equal(penalty_until_ms(*state, &gone), 0);
	for (uint64_t i = 0; i < PENALTIES_MAX; i++) {
		struct source source = source_number(i);
		assert_int_equal(penalty_until_ms(*state, &source) > 0, i != 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		segment_test(below_the_least_nobody_is_refused),
		segment_test(none_is_longer_than_the_most),
		segment_test(one_that_is_over_is_none),
		segment_test(each_is_listed_once),
		segment_test(a_full_table_gives_up_what_ends_first),
	};

	state_tests_bound();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
