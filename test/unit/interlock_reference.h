#ifndef UNIT_INTERLOCK_REFERENCE_H
#define UNIT_INTERLOCK_REFERENCE_H

#include "keeper/interlock.h"

/* The reference system: two of its relays pull in at once, and six hold. */
static inline struct interlock_config reference(void)
{
	struct interlock_config config = {
		.relays = 8,
		.supply_va = 39.8,
		.inrush_va = 14.4,
		.hold_va = 4.8,
		.inrush_ms = 1000,
		.min_switch_ms = 200,
	};

	for (unsigned i = 0; i < config.relays; i++)
		config.relay[i].max_on_ms = 3600000;
	return config;
}

#endif
