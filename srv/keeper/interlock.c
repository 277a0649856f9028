/*
 * interlock.c: requests and time in, the set of closed relays out. Who is let in stands in
 * admission.c, who closes when in turns.c; here relays close and open. Invariant: after every call,
 * no relay but the master is closed past its end, and every turn that waits is planned.
 */
#include "keeper/interlock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/param.h>
#include "keeper/admission.h"
#include "keeper/turns.h"

struct interlock {
	struct turns turns;
	enum interlock_cause cause[RELAYS_MAX];
	int64_t now_ms;	   /* of the last call */
	int64_t opened_ms; /* when a relay that is not the master last opened */
};

#define NOBODY RELAYS_MAX /* no index of a relay */

struct interlock *interlock_create(const struct interlock_config *config)
{
	struct interlock *interlock = calloc(1, sizeof(*interlock));

	if (!interlock)
		return NULL;
	interlock->opened_ms = TURN_NEVER;
	for (unsigned i = 0; i < RELAYS_MAX; i++)
		interlock->turns.relay[i].switched_ms = TURN_NEVER;
	if (turns_configure(&interlock->turns, config) == -1) {
		free(interlock);
		errno = EINVAL; /* free(3) may change it */
		return NULL;
	}
	return interlock;
}

void interlock_destroy(struct interlock *interlock)
{
	free(interlock);
}

/* The master opens lag after the last of those who run and wait. */
static int64_t master_end(const struct interlock *interlock)
{
	const struct turns *turns = &interlock->turns;
	const struct turn *master = &turns->relay[turns->config.master - 1];
	int64_t last_ms = interlock->opened_ms;

	for (unsigned i = 0; i < turns->config.relays; i++)
		if (&turns->relay[i] != master && (turns->relay[i].closed || turns->relay[i].waits))
			last_ms = MAX(last_ms, turn_end(&turns->relay[i]));
	return MAX(last_ms + turns->config.master_lag_ms,
		   master->start_ms + turns->config.min_switch_ms);
}

static int64_t relay_end(const struct interlock *interlock, unsigned relay)
{
	return turns_is_master(&interlock->turns, relay) ? master_end(interlock)
							 : turn_end(&interlock->turns.relay[relay]);
}

static void relay_open(struct interlock *interlock, unsigned relay)
{
	interlock->turns.relay[relay].closed = false;
	interlock->turns.relay[relay].switched_ms = interlock->now_ms;
	if (!turns_is_master(&interlock->turns, relay))
		interlock->opened_ms = interlock->now_ms;
}

/* Open what is past its end. The master may yet be needed by what is asked at this instant. */
static void relays_settle(struct interlock *interlock, int64_t now_ms)
{
	const struct turns *turns = &interlock->turns;

	interlock->now_ms = now_ms;
	for (unsigned i = 0; i < turns->config.relays; i++)
		if (turns->relay[i].closed && !turns_is_master(turns, i) &&
		    turn_end(&turns->relay[i]) <= now_ms)
			relay_open(interlock, i);
}

static void master_settle(struct interlock *interlock)
{
	unsigned master = interlock->turns.config.master;

	if (master > 0 && interlock->turns.relay[master - 1].closed &&
	    master_end(interlock) <= interlock->now_ms)
		relay_open(interlock, master - 1);
}

static int64_t power_drawn(const struct turns *turns, int64_t now_ms)
{
	int64_t sum_mva = 0;

	for (unsigned i = 0; i < turns->config.relays; i++)
		if (turns->relay[i].closed)
			sum_mva += turn_power(turns, i, now_ms);
	return sum_mva;
}

double interlock_power(const struct interlock *interlock, int64_t now_ms)
{
	return (double)power_drawn(&interlock->turns, now_ms) / 1000;
}

static bool group_is_doubled(const struct turns *turns, unsigned relay)
{
	for (unsigned i = 0; i < turns->config.relays; i++)
		if (turns->relay[i].closed && turns_same_group(turns, relay, i))
			return true;
	return false;
}

/* Who has to open since new settings can't bear it: the youngest, the master last; or NOBODY. */
static unsigned excess_find(const struct interlock *interlock)
{
	const struct turns *turns = &interlock->turns;
	bool over =
		turns->supply_mva > 0 && power_drawn(turns, interlock->now_ms) > turns->supply_mva;
	unsigned found = NOBODY;

	for (unsigned i = 0; i < turns->config.relays; i++) {
		const struct turn *turn = &turns->relay[i];
		if (!turn->closed || !(over || group_is_doubled(turns, i)))
			continue;
		if (found == NOBODY || turns_is_master(turns, found) ||
		    (!turns_is_master(turns, i) && turn->start_ms >= turns->relay[found].start_ms))
			found = i;
	}
	return found;
}

/* An old master opens as soon as it may; a new one stops being a relay of its own. */
static void master_change(struct interlock *interlock, unsigned old, unsigned new)
{
	struct turns *turns = &interlock->turns;

	if (old > 0) {
		turns->relay[old - 1].waits = false;
		turns->relay[old - 1].length_ms = turns->config.min_switch_ms;
	}
	if (new > 0) {
		turns_leave(turns, new - 1);
		turns->relay[new - 1].length_ms = TURN_ENDLESS;
	}
}

static int64_t length_bound(const struct turns *turns, unsigned relay, int64_t length_ms)
{
	return MIN(MAX(length_ms, turns->config.min_switch_ms),
		   turns->config.relay[relay].max_on_ms);
}

int interlock_configure(struct interlock *interlock, const struct interlock_config *config)
{
	struct turns *turns = &interlock->turns;
	unsigned old_master = turns->config.master;

	if (config->relays != turns->config.relays) {
		errno = EINVAL;
		return -1;
	}
	if (turns_configure(turns, config) == -1)
		return -1;
	if (config->master != old_master)
		master_change(interlock, old_master, config->master);
	for (unsigned i = 0; i < config->relays; i++)
		if (!turns_is_master(turns, i))
			turns->relay[i].length_ms =
				length_bound(turns, i, turns->relay[i].length_ms);
	while (turns->queued > 0 && !admission_is_possible(turns))
		turns_leave(turns, turns->queue[0]);
	turns_arrange(turns, interlock->now_ms);
	return 0;
}

/* A relay that has its turn gets another length for it. */
static void turn_replace(struct interlock *interlock, unsigned relay, int64_t length_ms,
			 enum interlock_cause cause, char *reason, size_t size)
{
	struct turns *turns = &interlock->turns;
	struct turn *turn = &turns->relay[relay];
	int64_t old_ms = turn->length_ms, passed_ms = interlock->now_ms - turn->start_ms;
	unsigned first;

	if (cause == CAUSE_PROFILE && interlock->cause[relay] == CAUSE_MANUAL) {
		snprintf(reason, size, "a manual run goes first");
		return;
	}
	interlock->cause[relay] = cause;
	turn->length_ms = length_bound(turns, relay, length_ms + (turn->closed ? passed_ms : 0));
	if (turn->length_ms > old_ms && !turns_hold(turns, &first)) {
		turn->length_ms = old_ms;
		snprintf(reason, size, "relay %u waits: no longer than before", first + 1);
		return;
	}
	turns_arrange(turns, interlock->now_ms);
	if (turn->waits)
		admission_explain(turns, relay, interlock->now_ms, reason, size);
}

enum interlock_verdict interlock_close(struct interlock *interlock, int64_t now_ms, unsigned number,
				       int64_t length_ms, enum interlock_cause cause, char *reason,
				       size_t size)
{
	struct turns *turns = &interlock->turns;
	unsigned relay = number - 1;

	snprintf(reason, size, "%s", "");
	if (number < 1 || number > turns->config.relays) {
		snprintf(reason, size, "relay %u does not exist", number);
		return INTERLOCK_NEVER;
	}
	relays_settle(interlock, now_ms);
	turns_arrange(turns, now_ms);
	length_ms = length_bound(turns, relay, length_ms > 0 ? length_ms : TURN_ENDLESS);
	if (!turns_is_master(turns, relay) &&
	    (turns->relay[relay].closed || turns->relay[relay].waits)) {
		turn_replace(interlock, relay, length_ms, cause, reason, size);
		return INTERLOCK_ALREADY;
	}
	if (!admission_grant(turns, relay, cause, reason, size))
		return INTERLOCK_NEVER;
	interlock->cause[relay] = cause;
	turns_join(turns, relay, length_ms);
	turns_arrange(turns, now_ms);
	if (turns->relay[relay].start_ms == now_ms)
		return INTERLOCK_NOW;
	admission_explain(turns, relay, now_ms, reason, size);
	return INTERLOCK_LATER;
}

enum interlock_verdict interlock_open(struct interlock *interlock, int64_t now_ms, unsigned number)
{
	struct turns *turns = &interlock->turns;
	unsigned relay = number - 1;

	if (number < 1 || number > turns->config.relays)
		return INTERLOCK_ALREADY;
	struct turn *turn = &turns->relay[relay];
	relays_settle(interlock, now_ms);
	if (!turn->closed && !(turn->waits && !turns_is_master(turns, relay)))
		return INTERLOCK_ALREADY;
	if (turns_is_master(turns, relay))
		return INTERLOCK_LATER;
	if (turn->waits)
		turns_leave(turns, relay);
	else
		turn->length_ms = MIN(turn->length_ms,
				      MAX(now_ms - turn->start_ms, turns->config.min_switch_ms));
	relays_settle(interlock, now_ms);
	turns_arrange(turns, now_ms);
	return turn->closed ? INTERLOCK_LATER : INTERLOCK_NOW;
}

void interlock_open_all(struct interlock *interlock, int64_t now_ms)
{
	struct turns *turns = &interlock->turns;

	interlock->now_ms = now_ms;
	turns->queued = 0;
	for (unsigned i = 0; i < turns->config.relays; i++) {
		turns->relay[i].waits = false;
		if (turns->relay[i].closed)
			relay_open(interlock, i);
	}
}

uint64_t interlock_step(struct interlock *interlock, int64_t now_ms, int64_t *next_ms)
{
	struct turns *turns = &interlock->turns;
	uint64_t closed = 0;
	unsigned excess;

	relays_settle(interlock, now_ms);
	while ((excess = excess_find(interlock)) != NOBODY)
		relay_open(interlock, excess);
	turns_arrange(turns, now_ms);
	master_settle(interlock);
	*next_ms = TURN_UNPLANNED;
	for (unsigned i = 0; i < turns->config.relays; i++) {
		struct turn *turn = &turns->relay[i];
		if (turn->waits && turn->start_ms == now_ms) {
			turns_leave(turns, i);
			turn->closed = true;
			turn->switched_ms = now_ms;
		}
		if (turn->closed)
			closed |= UINT64_C(1) << i;
		if (turn->closed || turn->waits)
			*next_ms = MIN(*next_ms,
				       turn->closed ? relay_end(interlock, i) : turn->start_ms);
	}
	if (*next_ms == TURN_UNPLANNED)
		*next_ms = -1;
	return closed;
}

void interlock_relay(const struct interlock *interlock, unsigned number,
		     struct interlock_relay *relay)
{
	const struct turns *turns = &interlock->turns;

	*relay = (struct interlock_relay){.cause = CAUSE_NONE};
	if (number < 1 || number > turns->config.relays)
		return;
	const struct turn *turn = &turns->relay[number - 1];
	if (turns_is_master(turns, number - 1))
		relay->cause = CAUSE_MASTER;
	if (!turn->closed && !turn->waits)
		return;
	if (relay->cause != CAUSE_MASTER)
		relay->cause = interlock->cause[number - 1];
	relay->closed = turn->closed;
	relay->queued = turn->waits;
	relay->closed_ms = turn->closed ? turn->start_ms : 0;
	relay->open_ms = turn->closed ? relay_end(interlock, number - 1) : 0;
	relay->due_ms = turn->waits ? turn->start_ms : 0;
	relay->length_ms = relay_end(interlock, number - 1) - turn->start_ms;
}
