/*
 * However often the clock is set, the keeper dies and people interfere: no occurrence waters more
 * than its length. The wall clock bounces about in two days for far longer than two days, with the
 * real runner, interlock and memory.
 */

#include <stdbool.h>
#include "schedule_fixture.h"
#include "keeper/memory_lines.h"
#include "keeper/watering.h"

#define RELAYS	  2
#define ROUNDS	  30
#define MOVES	  1500
#define DAY_S	  86400
#define BAND_S	  (2 * DAY_S)
#define JUMP_S	  1800 /* no jump is shorter: all are longer than any window */
#define WINDOWS_S 600  /* each */
#define PER_DAY	  24   /* windows of a relay */

struct garden {
	struct profile_set *set;
	struct runner *runner;
	struct interlock *interlock;
	int64_t boot_ms;  /* the clock that no time change moves */
	int64_t ahead_ms; /* of it is the wall clock */
	uint64_t closed;
	int64_t watered_ms[RELAYS];
	uint64_t manual; /* what people closed is not the profile's */
	int restarts, jumps, switchings;
};

static const struct runner_policy policy = {.resume_rest = true, .autostart = true};

static int64_t band_begin_ms;

static struct profile_set *hourly_profiles(void)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "p:\n  active: True\n");
	for (int relay = 1; relay <= RELAYS; relay++) {
		fprintf(out, "  relay%d: {days: all, times: [", relay);
		for (int hour = 0; hour < PER_DAY; hour++)
			fprintf(out, "'%02d:%02d', ", hour, relay * 7);
		fprintf(out, "], durations: [");
		for (int hour = 0; hour < PER_DAY; hour++)
			fprintf(out, "10, ");
		fprintf(out, "]}\n");
	}
	fclose(out);
	struct profile_set *set = profiles_of(text);

	free(text);
	return set;
}

static struct interlock *interlock_of(void)
{
	struct interlock_config config = {.relays = RELAYS, .min_switch_ms = 200};

	for (int i = 0; i < RELAYS; i++)
		config.relay[i].max_on_ms = 3600000;
	return interlock_create(&config);
}

static void hear_nothing(void *context, unsigned relay, const char *text)
{
	(void)context, (void)relay, (void)text;
}

static int64_t wall_ms(const struct garden *garden)
{
	return garden->boot_ms + garden->ahead_ms;
}

/* Bring all to now; returns the boot time of the next moment of interest. */
static int64_t garden_step(struct garden *garden)
{
	int64_t wake_ns, next_ms, now_ns = wall_ms(garden) * 1000000;

	assert_int_equal(watering_step(garden->runner, garden->interlock, now_ns, garden->boot_ms,
				       &wake_ns, hear_nothing, NULL),
			 0);
	uint64_t closed = interlock_step(garden->interlock, garden->boot_ms, &next_ms);

	watering_settle(garden->runner, garden->interlock, RELAYS, now_ns, garden->boot_ms);
	garden->switchings += __builtin_popcountll(garden->closed ^ closed);
	garden->closed = closed;
	garden->manual = 0;
	for (unsigned i = 0; i < RELAYS; i++) {
		struct interlock_relay relay;

		interlock_relay(garden->interlock, i + 1, &relay);
		if (relay.cause == CAUSE_MANUAL)
			garden->manual |= UINT64_C(1) << i;
	}
	if (wake_ns >= 0) {
		int64_t wake_ms = wake_ns / 1000000 - garden->ahead_ms;

		if (next_ms < 0 || wake_ms < next_ms)
			next_ms = wake_ms;
	}
	return next_ms;
}

/* Let time pass, over every moment of interest. */
static void garden_wait(struct garden *garden, int64_t span_ms)
{
	int64_t goal_ms = garden->boot_ms + span_ms;

	for (;;) {
		int64_t next_ms = garden_step(garden);

		if (garden->boot_ms >= goal_ms)
			return;
		if (next_ms < 0 || next_ms > goal_ms)
			next_ms = goal_ms;
		assert_true(next_ms > garden->boot_ms);
		for (unsigned i = 0; i < RELAYS; i++)
			if ((garden->closed & ~garden->manual) & (UINT64_C(1) << i))
				garden->watered_ms[i] += next_ms - garden->boot_ms;
		garden->boot_ms = next_ms;
	}
}

/* Somewhere else in the band, half an hour away at least. */
static void clock_set(struct garden *garden)
{
	int64_t from_ms = wall_ms(garden), to_ms;

	do
		to_ms = band_begin_ms + (int64_t)(random() % BAND_S) * 1000;
	while (llabs(to_ms - from_ms) < JUMP_S * 1000);
	garden->ahead_ms += to_ms - from_ms;
	garden->jumps++;
}

/* The keeper dies; the next finds on disk what was saved. */
static void keeper_restart(struct garden *garden)
{
	static struct runner_state remembered;
	size_t length;
	char *text = memory_text(runner_state(garden->runner), &length);

	assert_non_null(text);
	assert_int_equal(memory_parse(text, length, &remembered), 0);
	free(text);
	runner_destroy(garden->runner);
	interlock_destroy(garden->interlock);
	garden->runner = runner_create(garden->set, &policy, &remembered);
	garden->interlock = interlock_of();
	assert_non_null(garden->runner);
	assert_non_null(garden->interlock);
	garden->closed = 0;
	garden->restarts++;
}

static void person_closes(struct garden *garden, unsigned relay)
{
	char reason[128];

	if (interlock_close(garden->interlock, garden->boot_ms, relay, 300000, CAUSE_MANUAL, reason,
			    sizeof(reason)) != INTERLOCK_NEVER)
		runner_manual(garden->runner, wall_ms(garden) * 1000000, relay, true, 300);
}

static void person_opens(struct garden *garden, unsigned relay)
{
	interlock_open(garden->interlock, garden->boot_ms, relay);
	runner_manual(garden->runner, wall_ms(garden) * 1000000, relay, false, 0);
}

static void move(struct garden *garden)
{
	int64_t now_ns = wall_ms(garden) * 1000000;

	switch (random() % 12) {
	case 0:
		clock_set(garden);
		break;
	case 1:
		keeper_restart(garden);
		break;
	case 2:
		(void)runner_stop(garden->runner); /* it may be stopped */
		break;
	case 3:
		(void)runner_start(garden->runner); /* it may run */
		break;
	case 4:
		(void)runner_pause(garden->runner, now_ns, random() % 900); /* it may be paused */
		break;
	case 5:
		(void)runner_resume(garden->runner); /* it may not be paused */
		break;
	case 6:
		runner_rain_delay(garden->runner, now_ns, random() % 900);
		break;
	case 7:
		runner_reload(garden->runner, garden->set);
		break;
	case 8:
		person_closes(garden, 1 + (unsigned)(random() % RELAYS));
		break;
	case 9:
		person_opens(garden, 1 + (unsigned)(random() % RELAYS));
		break;
	default:
		break;
	}
	/* Out of the band the clock is brought back. */
	if (wall_ms(garden) >= band_begin_ms + BAND_S * INT64_C(1000))
		clock_set(garden);
	garden_wait(garden, 1000 * (random() % 1200));
}

static void nothing_waters_twice(void **state)
{
	unsigned seed = 20261124;

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	band_begin_ms = at("2026-06-01") * 1000;
	for (int round = 0; round < ROUNDS; round++, seed++) {
		struct garden garden = {
			.set = hourly_profiles(), .interlock = interlock_of(), .boot_ms = 1000000};

		srandom(seed);
		garden.ahead_ms = band_begin_ms - garden.boot_ms;
		garden.runner = runner_create(garden.set, &policy, NULL);
		assert_non_null(garden.runner);
		for (int i = 0; i < MOVES; i++)
			move(&garden);
		/* One window more at the band's end, where a wait may lead out of it. */
		int64_t most_ms = (2 * PER_DAY + 2) * WINDOWS_S * INT64_C(1000);

		assert_true(garden.jumps > 50 && garden.restarts > 50 && garden.switchings > 50);
		for (int i = 0; i < RELAYS; i++)
			if (garden.watered_ms[i] > most_ms || garden.watered_ms[i] < most_ms / 4)
				fail_msg("seed %u: relay %d watered %jd s; the windows have %jd s",
					 seed, i + 1, (intmax_t)garden.watered_ms[i] / 1000,
					 (intmax_t)most_ms / 1000);
		runner_destroy(garden.runner);
		interlock_destroy(garden.interlock);
		free(garden.set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_waters_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
