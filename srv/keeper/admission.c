/*
 * admission.c: who is let into the queue, told with the figures. Nothing is changed here.
 */
#include "keeper/admission.h"

#include <stdio.h>

static int64_t power_of_master(const struct turns *turns)
{
	return turns->config.master > 0 ? turns->hold_mva : 0;
}

static bool pulls_in_beside(const struct turns *turns, int64_t held_mva)
{
	return turns->supply_mva == 0 || held_mva + turns->inrush_mva <= turns->supply_mva;
}

bool admission_is_possible(const struct turns *turns)
{
	return pulls_in_beside(turns, power_of_master(turns));
}

/* What all who run and wait come to hold; of a group only one can, and none beside relay's own. */
static int64_t power_promised(const struct turns *turns, unsigned relay)
{
	int64_t sum_mva = power_of_master(turns);

	for (unsigned i = 0; i < turns->config.relays; i++) {
		bool counts = (turns->relay[i].closed || turns->relay[i].waits) &&
			      !turns_is_master(turns, i) && !turns_same_group(turns, relay, i);
		for (unsigned j = 0; counts && j < i; j++)
			counts = !((turns->relay[j].closed || turns->relay[j].waits) &&
				   turns_same_group(turns, i, j));
		sum_mva += counts ? turns->hold_mva : 0;
	}
	return sum_mva;
}

static void power_describe(const struct turns *turns, int64_t used_mva, const char *used_by,
			   char *reason, size_t size)
{
	snprintf(reason, size, "power: %.1f VA %s, %.1f VA needed to pull in, supply %.1f VA",
		 (double)used_mva / 1000, used_by, (double)turns->inrush_mva / 1000,
		 turns->config.supply_va);
}

bool admission_grant(const struct turns *turns, unsigned relay, enum interlock_cause cause,
		     char *reason, size_t size)
{
	int64_t held_mva =
		cause == CAUSE_MANUAL ? power_promised(turns, relay) : power_of_master(turns);

	if (turns_is_master(turns, relay)) {
		snprintf(reason, size, "relay %u is the master valve: it follows the others",
			 relay + 1);
		return false;
	}
	if (pulls_in_beside(turns, held_mva))
		return true;
	power_describe(turns, held_mva, "held by what runs and waits", reason, size);
	return false;
}

void admission_explain(const struct turns *turns, unsigned relay, int64_t now_ms, char *reason,
		       size_t size)
{
	const struct turn *turn = &turns->relay[relay];

	if (turn_ready(turns, relay) > now_ms) {
		snprintf(reason, size, "min_switch: it switched %lld ms ago",
			 (long long)(now_ms - turn->switched_ms));
		return;
	}
	for (unsigned i = 0; i < turns->config.relays; i++)
		if ((turns->relay[i].closed || turns->relay[i].waits) &&
		    turns_same_group(turns, relay, i) &&
		    turns->relay[i].start_ms <= turn->start_ms) {
			snprintf(reason, size, "group: relay %u goes first", i + 1);
			return;
		}
	if (turns_master_leads(turns) > now_ms)
		snprintf(reason, size, "master: relay %u closes before it", turns->config.master);
	else if (turns->supply_mva > 0 &&
		 turns_power(turns, now_ms) + turns->inrush_mva > turns->supply_mva)
		power_describe(turns, turns_power(turns, now_ms), "in use", reason, size);
	else
		snprintf(reason, size, "queue: earlier requests go first");
}
