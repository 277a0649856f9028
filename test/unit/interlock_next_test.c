/*
 * interlock_next_test.c: the next instant told by interlock_step is exact. One of two twins is
 * stepped only then and when it is asked something, the other at each 10 ms: at no instant do they
 * differ. All times are multiples of 10 ms. INTERLOCK_SEED=N plays a printed seed again.
 */
#include "interlock_any.h"
#include "keeper/interlock.h"

enum { RUNS = 100, GRAIN_MS = 10, ASKING_MS = 60000, RUN_MS = 100000 };

/* Ask both the same. */
static void twins_ask(struct interlock *twins[2], int64_t now_ms, unsigned relays)
{
	unsigned relay = (unsigned)dice(1, relays);
	int64_t length_ms = dice_time(0, 5000, GRAIN_MS);
	enum interlock_cause cause = one_in(2) ? CAUSE_MANUAL : CAUSE_PROFILE;
	bool opens = one_in(4);
	char reason[96];

	for (int i = 0; i < 2; i++)
		if (opens)
			interlock_open(twins[i], now_ms, relay);
		else
			interlock_close(twins[i], now_ms, relay, length_ms, cause, reason,
					sizeof(reason));
}

static void twins_play(void)
{
	struct interlock_config config = config_any((unsigned)dice(1, 10), GRAIN_MS);
	struct interlock *twins[2] = {interlock_create(&config), interlock_create(&config)};
	int64_t seldom_ms = -1, often_ms;
	uint64_t seldom = 0;

	assert_non_null(twins[0]);
	assert_non_null(twins[1]);
	for (int64_t now_ms = 0; now_ms < RUN_MS; now_ms += GRAIN_MS) {
		bool asks = now_ms < ASKING_MS && one_in(40);
		if (asks)
			twins_ask(twins, now_ms, config.relays);
		if (asks || seldom_ms == now_ms)
			seldom = interlock_step(twins[0], now_ms, &seldom_ms);
		assert_true(interlock_step(twins[1], now_ms, &often_ms) == seldom);
		assert_int_equal(often_ms, seldom_ms);
	}
	interlock_destroy(twins[0]);
	interlock_destroy(twins[1]);
}

static void next_is_exact(void **state)
{
	(void)state; /* cmocka's signature */
	for (int i = 0; i < RUNS; i++)
		twins_play();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(next_is_exact)};

	dice_seed("INTERLOCK_SEED");
	return cmocka_run_group_tests_name("interlock next", tests, NULL, NULL);
}
