#ifndef UNIT_INTERLOCK_ANY_H
#define UNIT_INTERLOCK_ANY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>
#include "keeper/interlock.h"

/* Random systems for the interlock's property tests. A seed printed plays the same again. */

/* Seed from the environment's variable of that name, else by the clock. */
static inline void dice_seed(const char *variable)
{
	const char *text = getenv(variable);
	unsigned seed = text ? (unsigned)strtoul(text, NULL, 10) : (unsigned)time(NULL);

	srandom(seed);
	print_message("%s=%u\n", variable, seed);
}

/* A number from low to high, both included. */
static inline int64_t dice(int64_t low, int64_t high)
{
	return low + random() % (high - low + 1);
}

static inline bool one_in(int64_t odds)
{
	return dice(1, odds) == 1;
}

/* A time from low to high, a multiple of grain. */
static inline int64_t dice_time(int64_t low_ms, int64_t high_ms, int64_t grain_ms)
{
	return dice((low_ms + grain_ms - 1) / grain_ms, high_ms / grain_ms) * grain_ms;
}

static inline struct interlock_config config_any(unsigned relays, int64_t grain_ms)
{
	struct interlock_config config = {
		.relays = relays,
		.supply_va = one_in(4) ? 0 : (double)dice(100, 800) / 10,
		.inrush_va = 14.4,
		.hold_va = one_in(8) ? 16 : 4.8,
		.inrush_ms = dice_time(0, 3000, grain_ms),
		.min_switch_ms = dice_time(1, one_in(3) ? 20000 : 1000, grain_ms),
	};
	int64_t max_on_ms = dice_time(1, 3600000, grain_ms);
	int64_t groups = dice(0, 4);

	for (unsigned i = 0; i < config.relays; i++) {
		config.relay[i].max_on_ms = one_in(3) ? dice_time(1, 60000, grain_ms) : max_on_ms;
		config.relay[i].group = (unsigned)dice(0, groups);
	}
	if (one_in(2)) {
		config.master = (unsigned)dice(1, config.relays);
		config.master_lead_ms = one_in(2) ? 0 : dice_time(0, 10000, grain_ms);
		config.master_lag_ms = one_in(2) ? 0 : dice_time(0, 10000, grain_ms);
	}
	return config;
}

#endif
