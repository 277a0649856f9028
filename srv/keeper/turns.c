/*
 * turns.c: the plan of who closes when. Each who waits is given, in the order of the queue, the
 * earliest turn that agrees with all turns already given; so a later one may pass where it delays
 * nobody, and the time first planned for anyone can be told as a promise.
 */
#include "keeper/turns.h"

#include <errno.h>
#include <math.h>
#include <sys/param.h>
#include "span.h"

#define POWER_MAX_VA 1e6 /* far beyond any transformer, far within int64_t of mVA */

static bool span_is_valid(int64_t ms)
{
	return ms >= 0 && ms <= SPAN_MAX_MS;
}

static bool power_is_valid(double va)
{
	return va >= 0 && va <= POWER_MAX_VA; /* and so not NaN */
}

static bool config_is_valid(const struct interlock_config *config)
{
	if (config->relays < 1 || config->relays > RELAYS_MAX || config->master > config->relays)
		return false;
	for (unsigned i = 0; i < config->relays; i++)
		if (config->relay[i].max_on_ms < 1 || !span_is_valid(config->relay[i].max_on_ms))
			return false;
	return power_is_valid(config->supply_va) && power_is_valid(config->inrush_va) &&
	       power_is_valid(config->hold_va) && span_is_valid(config->inrush_ms) &&
	       span_is_valid(config->min_switch_ms) && span_is_valid(config->master_lead_ms) &&
	       span_is_valid(config->master_lag_ms);
}

static int64_t mva(double va)
{
	return llround(va * 1000);
}

/* Who waits is planned anew, as if all had just asked in the order of the queue. */
static void turns_forget(struct turns *turns)
{
	for (unsigned i = 0; i < turns->config.relays; i++)
		if (turns->relay[i].waits)
			turns->relay[i].start_ms = TURN_UNPLANNED;
}

int turns_configure(struct turns *turns, const struct interlock_config *config)
{
	if (!config_is_valid(config)) {
		errno = EINVAL;
		return -1;
	}
	turns->config = *config;
	/* One that opens and closes at one instant would never be open. */
	turns->config.min_switch_ms = MAX(config->min_switch_ms, 1);
	turns->supply_mva = config->supply_va > 0 ? MAX(mva(config->supply_va), 1) : 0;
	turns->hold_mva = mva(config->hold_va);
	turns->inrush_mva = config->inrush_ms > 0 ? mva(config->inrush_va) : 0;
	/* Power must only fall while a relay is closed: who fits at first then fits for good. */
	turns->inrush_mva = MAX(turns->inrush_mva, turns->hold_mva);
	turns_forget(turns);
	return 0;
}

bool turns_is_master(const struct turns *turns, unsigned relay)
{
	return turns->config.master == relay + 1;
}

/* The master must be closed beside any: its group says nothing. */
bool turns_same_group(const struct turns *turns, unsigned relay, unsigned other)
{
	unsigned group = turns->config.relay[relay].group;

	return relay != other && group != 0 && group == turns->config.relay[other].group &&
	       !turns_is_master(turns, relay) && !turns_is_master(turns, other);
}

int64_t turn_end(const struct turn *turn)
{
	return turn->start_ms + turn->length_ms;
}

int64_t turn_ready(const struct turns *turns, unsigned relay)
{
	return turns->relay[relay].switched_ms + turns->config.min_switch_ms;
}

static bool turn_is_given(const struct turn *turn)
{
	return turn->closed || turn->waits;
}

static bool turn_covers(const struct turn *turn, int64_t at_ms)
{
	return turn_is_given(turn) && turn->start_ms <= at_ms && at_ms < turn_end(turn);
}

int64_t turn_power(const struct turns *turns, unsigned relay, int64_t at_ms)
{
	const struct turn *turn = &turns->relay[relay];

	if (!turn_covers(turn, at_ms))
		return 0;
	return at_ms < turn->start_ms + turns->config.inrush_ms ? turns->inrush_mva
								: turns->hold_mva;
}

int64_t turns_power(const struct turns *turns, int64_t at_ms)
{
	int64_t sum_mva = 0;

	for (unsigned i = 0; i < turns->config.relays; i++)
		sum_mva += turn_power(turns, i, at_ms);
	return sum_mva;
}

static bool supply_suffices(const struct turns *turns, int64_t at_ms)
{
	return turns->supply_mva == 0 || turns_power(turns, at_ms) <= turns->supply_mva;
}

/*
 * Does relay's turn agree with all others? The power needed rises only where a turn starts, so it
 * suffices to look there.
 */
static bool turn_is_possible(const struct turns *turns, unsigned relay)
{
	const struct turn *turn = &turns->relay[relay];

	if (!supply_suffices(turns, turn->start_ms))
		return false;
	for (unsigned i = 0; i < turns->config.relays; i++) {
		const struct turn *other = &turns->relay[i];
		bool starts_within = turn_is_given(other) && turn_covers(turn, other->start_ms);
		if (i == relay)
			continue;
		if ((starts_within || turn_covers(other, turn->start_ms)) &&
		    turns_same_group(turns, relay, i))
			return false;
		if (starts_within && !supply_suffices(turns, other->start_ms))
			return false;
	}
	return true;
}

/* The next instant after after_ms at which another turn frees power or its group. */
static int64_t next_relief(const struct turns *turns, unsigned relay, int64_t after_ms)
{
	int64_t next_ms = TURN_UNPLANNED;

	for (unsigned i = 0; i < turns->config.relays; i++) {
		const struct turn *other = &turns->relay[i];
		if (i == relay || !turn_is_given(other))
			continue;
		int64_t held_ms = other->start_ms + turns->config.inrush_ms;
		int64_t end_ms = turn_end(other);
		if (held_ms > after_ms)
			next_ms = MIN(next_ms, held_ms);
		if (end_ms > after_ms)
			next_ms = MIN(next_ms, end_ms);
	}
	return next_ms;
}

/* Move a waiting turn to the earliest possible start from from_ms on; true when it moved. */
static bool turn_advance(struct turns *turns, unsigned relay, int64_t from_ms)
{
	struct turn *turn = &turns->relay[relay];
	int64_t planned_ms = turn->start_ms;

	turn->start_ms = from_ms;
	while (turn->start_ms < planned_ms && !turn_is_possible(turns, relay))
		turn->start_ms = next_relief(turns, relay, turn->start_ms);
	turn->start_ms = MIN(turn->start_ms, planned_ms);
	return turn->start_ms < planned_ms;
}

int64_t turns_master_leads(const struct turns *turns)
{
	if (turns->config.master == 0)
		return TURN_NEVER;
	return turns->relay[turns->config.master - 1].start_ms + turns->config.master_lead_ms;
}

static bool master_is_needed(const struct turns *turns)
{
	bool needed = turns->queued > 0;

	for (unsigned i = 0; i < turns->config.relays; i++)
		needed |= turns->relay[i].closed;
	return needed;
}

/* The open master waits for a turn as long as somebody needs it. */
static bool master_advance(struct turns *turns, int64_t now_ms)
{
	unsigned master = turns->config.master - 1;
	struct turn *turn = &turns->relay[master];

	if (turn->closed)
		return false;
	if (!turn->waits)
		turn->start_ms = TURN_UNPLANNED;
	turn->length_ms = TURN_ENDLESS;
	turn->waits = master_is_needed(turns);
	return turn->waits && turn_advance(turns, master, MAX(now_ms, turn_ready(turns, master)));
}

static bool turns_missed(const struct turns *turns, int64_t now_ms)
{
	for (unsigned i = 0; i < turns->config.relays; i++)
		if (turns->relay[i].waits && turns->relay[i].start_ms < now_ms)
			return true;
	return false;
}

void turns_arrange(struct turns *turns, int64_t now_ms)
{
	bool moved;

	if (turns_missed(turns, now_ms))
		turns_forget(turns);
	do {
		moved = turns->config.master > 0 && master_advance(turns, now_ms);
		for (unsigned i = 0; i < turns->queued; i++) {
			unsigned relay = turns->queue[i];
			int64_t from_ms = MAX(turn_ready(turns, relay), turns_master_leads(turns));
			moved |= turn_advance(turns, relay, MAX(now_ms, from_ms));
		}
	} while (moved); /* ends: starts only fall, from one of finitely many instants to another */
}

bool turns_hold(const struct turns *turns, unsigned *first)
{
	for (unsigned i = 0; i < turns->config.relays; i++)
		if (turns->relay[i].waits && !turn_is_possible(turns, i)) {
			*first = i;
			return false;
		}
	return true;
}

void turns_join(struct turns *turns, unsigned relay, int64_t length_ms)
{
	struct turn *turn = &turns->relay[relay];

	turn->waits = true;
	turn->start_ms = TURN_UNPLANNED;
	turn->length_ms = length_ms;
	turns->queue[turns->queued++] = relay;
}

void turns_leave(struct turns *turns, unsigned relay)
{
	unsigned stay = 0;

	for (unsigned i = 0; i < turns->queued; i++)
		if (turns->queue[i] != relay)
			turns->queue[stay++] = turns->queue[i];
	turns->queued = stay;
	turns->relay[relay].waits = false;
}
