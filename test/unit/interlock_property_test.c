/*
 * interlock_property_test.c: what must hold whatever is asked whenever. Random systems get random
 * requests for simulated hours; a witness that knows only the settings, the requests and the sets
 * of closed relays checks each step. The seed is printed; INTERLOCK_SEED=N plays one again.
 */
#include <math.h>
#include <string.h>
#include <sys/param.h>
#include "interlock_any.h"
#include "keeper/interlock.h"

#define LONG_AGO (-INT64_C(1000000000))

#define REQUESTS 150 /* in a run */

/* What the witness has seen of a relay. */
struct seen {
	bool closed;
	int64_t switched_ms; /* when it last switched */
	int64_t length_ms;   /* asked for, of the run that is or will be */
	int64_t promised_ms; /* while it waits: when it was told to close at the latest */
	bool waits;
};

struct world {
	struct interlock_config config;
	struct interlock *interlock;
	struct seen relay[RELAYS_MAX];
	int64_t now_ms, next_ms;
	int64_t opened_ms; /* when a relay but the master last opened */
	bool punctual;	   /* stepped when it wants to be, settings left alone: promises hold */
	bool forced;	   /* open_all or new settings: switches within min_switch */
};

static bool is_master(const struct world *world, unsigned relay)
{
	return world->config.master == relay + 1;
}

static double power_seen(const struct world *world)
{
	const struct interlock_config *config = &world->config;
	double sum_va = 0;

	for (unsigned i = 0; i < config->relays; i++) {
		const struct seen *seen = &world->relay[i];
		bool pulls_in = world->now_ms - seen->switched_ms < config->inrush_ms;
		if (seen->closed)
			sum_va += pulls_in ? MAX(config->inrush_va, config->hold_va)
					   : config->hold_va;
	}
	return sum_va;
}

static void witness_switching(struct world *world, unsigned relay, bool closes)
{
	const struct interlock_config *config = &world->config;
	struct seen *seen = &world->relay[relay];
	int64_t since_ms = world->now_ms - seen->switched_ms;
	int64_t shortest_ms = config->min_switch_ms;

	if (!closes && !is_master(world, relay))
		shortest_ms = MIN(shortest_ms, config->relay[relay].max_on_ms);
	assert_true(since_ms >= shortest_ms || world->forced);
	if (closes && world->punctual && !is_master(world, relay))
		assert_true(seen->waits && world->now_ms <= seen->promised_ms);
	if (!closes && world->punctual && !world->forced && !is_master(world, relay))
		assert_true(since_ms == seen->length_ms);
	if (!closes && !is_master(world, relay))
		world->opened_ms = world->now_ms;
	seen->closed = closes;
	seen->switched_ms = world->now_ms;
	seen->waits &= !closes;
}

/* The master leads before any other closes, lags after the last, and is not closed for nothing. */
static void witness_master(const struct world *world, uint64_t before, uint64_t after)
{
	const struct interlock_config *config = &world->config;
	uint64_t master = UINT64_C(1) << (config->master - 1);
	const struct seen *seen = &world->relay[config->master - 1];
	int64_t lag_over_ms = world->opened_ms + config->master_lag_ms;
	bool waits = false;

	for (unsigned i = 0; i < config->relays; i++)
		waits |= world->relay[i].waits;
	if (after & ~before & ~master)
		assert_true((after & master) &&
			    world->now_ms >= seen->switched_ms + config->master_lead_ms);
	if (before & ~after & master)
		assert_true(!(after & ~master) && (world->now_ms >= lag_over_ms || world->forced));
	if (after == master && !waits)
		assert_true(world->now_ms <
			    MAX(lag_over_ms, seen->switched_ms + config->min_switch_ms));
}

static void witness_invariants(const struct world *world)
{
	const struct interlock_config *config = &world->config;
	double power_va = power_seen(world);

	assert_true(config->supply_va == 0 || power_va <= config->supply_va + 1e-9);
	assert_true(fabs(power_va - interlock_power(world->interlock, world->now_ms)) < 1e-9);
	for (unsigned i = 0; i < config->relays; i++) {
		if (!world->relay[i].closed || is_master(world, i))
			continue;
		assert_true(world->now_ms - world->relay[i].switched_ms <
			    config->relay[i].max_on_ms);
		for (unsigned j = 0; j < i; j++)
			assert_false(world->relay[j].closed && !is_master(world, j) &&
				     config->relay[i].group != 0 &&
				     config->relay[i].group == config->relay[j].group);
	}
}

/* What the interlock tells of a relay agrees with what it does, and no promise is moved back. */
static void witness_telling(struct world *world, unsigned relay)
{
	struct seen *seen = &world->relay[relay];
	struct interlock_relay told;

	interlock_relay(world->interlock, relay + 1, &told);
	assert_int_equal(told.closed, seen->closed);
	if (told.closed)
		assert_true(told.closed_ms == seen->switched_ms && told.open_ms > world->now_ms);
	if (is_master(world, relay))
		return;
	assert_int_equal(told.queued, seen->waits);
	if (told.closed || told.queued)
		assert_true(told.length_ms == seen->length_ms || !world->punctual);
	if (!told.queued)
		return;
	assert_true(told.due_ms > world->now_ms);
	assert_true(told.due_ms <= seen->promised_ms || !world->punctual);
	seen->promised_ms = told.due_ms;
}

static void world_step(struct world *world)
{
	uint64_t before = 0, after;

	for (unsigned i = 0; i < world->config.relays; i++)
		before |= (uint64_t)world->relay[i].closed << i;
	after = interlock_step(world->interlock, world->now_ms, &world->next_ms);
	assert_true(world->next_ms == -1 || world->next_ms > world->now_ms);
	for (unsigned i = 0; i < world->config.relays; i++)
		if (((before ^ after) >> i) & 1)
			witness_switching(world, i, (after >> i) & 1);
	if (world->config.master > 0)
		witness_master(world, before, after);
	witness_invariants(world);
	for (unsigned i = 0; i < world->config.relays; i++)
		witness_telling(world, i);
	world->forced = false;
}

static void world_advance(struct world *world, int64_t until_ms)
{
	if (until_ms > world->now_ms) /* what was asked is acted on before time goes on */
		world_step(world);
	while (world->next_ms >= 0 && world->next_ms <= until_ms) {
		int64_t late_ms =
			world->punctual || one_in(2) ? 0 : dice(0, one_in(9) ? 999999 : 9);
		world->now_ms = MIN(world->next_ms + late_ms, until_ms);
		world_step(world);
	}
	world->now_ms = until_ms;
}

static int64_t length_bound(const struct world *world, unsigned relay, int64_t length_ms)
{
	int64_t max_on_ms = world->config.relay[relay].max_on_ms;

	if (length_ms == 0)
		return max_on_ms;
	return MIN(MAX(length_ms, world->config.min_switch_ms), max_on_ms);
}

/* Of all that run and wait: how many, and for how long can they keep somebody waiting at most? */
static unsigned others_count(const struct world *world, unsigned relay, int64_t *wait_ms)
{
	const struct interlock_config *config = &world->config;
	unsigned count = 0;

	*wait_ms = 2 * config->min_switch_ms + config->inrush_ms + config->master_lead_ms;
	for (unsigned i = 0; i < config->relays; i++)
		if (i != relay && !is_master(world, i) &&
		    (world->relay[i].closed || world->relay[i].waits)) {
			count++;
			*wait_ms += config->relay[i].max_on_ms + config->inrush_ms;
		}
	return count;
}

/* A refusal must have its reason in the figures, and a grant too. */
static void witness_admission(const struct world *world, unsigned relay, enum interlock_cause cause,
			      bool refused)
{
	const struct interlock_config *config = &world->config;
	int64_t wait_ms;
	unsigned held = others_count(world, relay, &wait_ms);
	double inrush_va =
		config->inrush_ms > 0 ? MAX(config->inrush_va, config->hold_va) : config->hold_va;
	bool grouped = false;

	for (unsigned i = 0; i < config->relays; i++)
		grouped |= config->relay[i].group != 0;
	if (cause == CAUSE_PROFILE)
		held = 0;
	else if (grouped)
		return; /* of a group one counts: told by the stories of interlock_test.c */
	held += config->master > 0;
	assert_int_equal(refused, config->supply_va > 0 && held * config->hold_va + inrush_va >
								   config->supply_va + 1e-9);
}

static void close_accepted(struct world *world, unsigned relay, enum interlock_verdict verdict,
			   int64_t length_ms)
{
	struct seen *seen = &world->relay[relay];
	struct interlock_relay told;
	int64_t wait_ms;

	interlock_relay(world->interlock, relay + 1, &told);
	assert_true(told.queued);
	assert_int_equal(verdict == INTERLOCK_NOW, told.due_ms == world->now_ms);
	others_count(world, relay, &wait_ms);
	assert_true(told.due_ms <= world->now_ms + wait_ms || !world->punctual);
	seen->waits = true;
	seen->length_ms = length_bound(world, relay, length_ms);
	seen->promised_ms = told.due_ms;
}

static void close_replaced(struct world *world, unsigned relay, int64_t length_ms,
			   const char *reason)
{
	struct seen *seen = &world->relay[relay];
	int64_t passed_ms = seen->closed ? world->now_ms - seen->switched_ms : 0;

	if (strstr(reason, "no longer than before") || strstr(reason, "manual run goes first"))
		return;
	length_ms = length_bound(world, relay, length_ms);
	seen->length_ms = length_bound(world, relay, passed_ms + length_ms);
}

static void ask_close(struct world *world, unsigned relay)
{
	enum interlock_cause cause = one_in(2) ? CAUSE_MANUAL : CAUSE_PROFILE;
	int64_t length_ms = one_in(5) ? 0 : dice(1, one_in(3) ? 3000 : 2000000);
	char reason[96];
	enum interlock_verdict verdict = interlock_close(world->interlock, world->now_ms, relay + 1,
							 length_ms, cause, reason, sizeof(reason));

	if (is_master(world, relay)) {
		assert_int_equal(verdict, INTERLOCK_NEVER);
	} else if (verdict == INTERLOCK_ALREADY) {
		close_replaced(world, relay, length_ms, reason);
	} else {
		if (world->punctual)
			witness_admission(world, relay, cause, verdict == INTERLOCK_NEVER);
		if (verdict != INTERLOCK_NEVER)
			close_accepted(world, relay, verdict, length_ms);
	}
}

static void ask_open(struct world *world, unsigned relay)
{
	struct seen *seen = &world->relay[relay];
	int64_t soonest_ms = MAX(world->now_ms, seen->switched_ms + world->config.min_switch_ms);
	enum interlock_verdict verdict = interlock_open(world->interlock, world->now_ms, relay + 1);

	if (is_master(world, relay)) {
		assert_int_equal(verdict, seen->closed ? INTERLOCK_LATER : INTERLOCK_ALREADY);
		return;
	}
	if (world->punctual && !seen->closed)
		assert_int_equal(verdict, seen->waits ? INTERLOCK_NOW : INTERLOCK_ALREADY);
	seen->length_ms = MIN(seen->length_ms, soonest_ms - seen->switched_ms);
	seen->waits = false;
	if (world->punctual && seen->closed)
		assert_int_equal(verdict, seen->switched_ms + seen->length_ms > world->now_ms);
	world_step(world);
}

static void ask_open_all(struct world *world)
{
	interlock_open_all(world->interlock, world->now_ms);
	for (unsigned i = 0; i < world->config.relays; i++)
		world->relay[i].waits = false;
	world->forced = true;
	world_step(world);
	for (unsigned i = 0; i < world->config.relays; i++)
		assert_false(world->relay[i].closed);
	assert_true(world->next_ms == -1);
}

static void ask_configure(struct world *world)
{
	struct interlock_config config = config_any(world->config.relays, 1);
	struct interlock_relay told;

	world->config = config;
	world->forced = true;
	assert_int_equal(interlock_configure(world->interlock, &config), 0);
	for (unsigned i = 0; i < config.relays; i++) {
		interlock_relay(world->interlock, i + 1, &told);
		world->relay[i].waits &= told.queued && !is_master(world, i);
	}
	world_step(world);
}

static void world_play(bool punctual, bool reloads)
{
	struct world world = {
		.config = config_any((unsigned)dice(1, one_in(20) ? RELAYS_MAX : 10), 1),
		.punctual = punctual};

	world.next_ms = -1;
	world.opened_ms = LONG_AGO;
	for (unsigned i = 0; i < RELAYS_MAX; i++)
		world.relay[i].switched_ms = LONG_AGO;
	world.interlock = interlock_create(&world.config);
	assert_non_null(world.interlock);
	for (int i = 0; i < REQUESTS; i++) {
		int64_t pause_ms = one_in(3) ? 0 : dice(0, one_in(2) ? 300 : 200000);
		unsigned relay = (unsigned)dice(0, world.config.relays - 1);
		world_advance(&world, world.now_ms + pause_ms);
		if (one_in(60))
			ask_open_all(&world);
		else if (reloads && one_in(15))
			ask_configure(&world);
		else if (one_in(4))
			ask_open(&world, relay);
		else
			ask_close(&world, relay);
	}
	world_advance(&world, INT64_C(1000) * 86400 * 1000);
	assert_true(world.next_ms == -1); /* all who waited have run, and everything is open */
	for (unsigned i = 0; i < world.config.relays; i++)
		assert_false(world.relay[i].closed || world.relay[i].waits);
	interlock_destroy(world.interlock);
}

struct play {
	int runs;
	bool punctual, reloads;
};

static void nothing_breaks(void **state)
{
	const struct play *play = *state;

	for (int i = 0; i < play->runs; i++)
		world_play(play->punctual, play->reloads);
}

int main(void)
{
	struct play in_time = {3000, true, false};
	struct play late = {1000, false, false}, reload = {1000, false, true};
	const struct CMUnitTest tests[] = {
		{"nothing breaks when stepped in time", nothing_breaks, .initial_state = &in_time},
		{"nothing breaks when stepped late", nothing_breaks, .initial_state = &late},
		{"nothing breaks when settings change", nothing_breaks, .initial_state = &reload},
	};
	dice_seed("INTERLOCK_SEED");
	return cmocka_run_group_tests_name("interlock properties", tests, NULL, NULL);
}
