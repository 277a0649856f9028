/* serving_scenes.c: the keeper answers, and what each writer publishes for all to read. */
#include "scenes.h"

#include <stddef.h>
#include <string.h>
#include "players.h"
#include "state/segment_layout.h"
#include "victim.h"

/* This process is the next keeper: what its predecessor was asked is not for it, what comes is. */
static const char *successor_fault(struct segment *segment)
{
	const char *fault = segment_fault(segment);

	if (fault)
		return fault;
	if (next_number(segment, VICTIM) != 0)
		return "the next keeper was asked what its predecessor was";
	pid_t asker = child_start(ask_wanted, segment, NULL);
	child_sleep_wait(asker);
	bool asked = keep(segment, NULL) == 0;
	if (child_bury(asker, segment, AT_ONCE_MS) != TOLD_ANSWER || !asked)
		return "the next keeper did not serve";
	return segment_fault(segment);
}

enum outcome keeper_play(struct trial *trial)
{
	pid_t asker = child_start(ask_wanted, trial->segment, NULL);

	child_sleep_wait(asker);
	struct victim victim = victim_start(keep, trial->segment, NULL);
	trial->at_end = !victim_steps(&victim, trial->position);
	victim_kill(&victim, trial->segment);
	requests_abandon(trial->segment);
	int told = child_bury(asker, trial->segment, AT_ONCE_MS);
	if (told != TOLD_ANSWER && told != TOLD_RESET)
		return trial_fail(trial, "the asker was told nothing, or not the truth");
	const char *fault = successor_fault(trial->segment);
	if (fault)
		return trial_fail(trial, fault);
	return told == TOLD_ANSWER ? OUTCOME_NEW : OUTCOME_OLD;
}

/* Everything in it carries one number. */
struct published {
	struct slot slot;
	struct relay_table table;
	struct event event;
};

static struct published published_carrying(int number)
{
	struct published published;

	memset(&published, 0, sizeof(published));
	published.slot.serial = (unsigned)number;
	published.slot.bytes_out = (uint64_t)number;
	published.table.keeper = number;
	published.table.relay[RELAYS_MAX - 1].since_ns = number;
	published.event.relay = (unsigned)number;
	published.event.time_ns = number;
	return published;
}

static int publish(struct segment *segment, void *argument)
{
	const struct published *published = argument;

	slot_publish(segment, VICTIM, &published->slot);
	relays_publish(segment, &published->table);
	event_publish(segment, EVENTS_OF_KEEPER, &published->event);
	return 0;
}

/* The number of the newest event after FORMER's, FORMER when there is none, -1 when it is torn. */
static int event_number(struct segment *segment)
{
	struct event_cursor cursor = {{0}};
	struct event event;
	uint64_t lost;

	if (event_next(segment, &cursor, &event, &lost) != 1 || event.relay != FORMER)
		return -1;
	if (event_next(segment, &cursor, &event, &lost) != 1)
		return FORMER;
	return event.time_ns == event.relay ? (int)event.relay : -1;
}

/* Published in the order slot, table, event: each is whole, and none is newer than the one before.
 */
static enum outcome published_judge(struct trial *trial)
{
	struct relay_table table;
	struct slot slot;

	(void)slot_read(trial->segment, VICTIM,
			&slot); /* it is in nobody's use; its content counts */
	relays_read(trial->segment, &table);
	int of_slot = (int)slot.serial, of_table = table.keeper,
	    of_event = event_number(trial->segment);
	if (slot.bytes_out != slot.serial)
		return trial_fail(trial, "a slot's content is half written");
	if (table.relay[RELAYS_MAX - 1].since_ns != table.keeper)
		return trial_fail(trial, "the relays' table is half written");
	if (of_event == -1)
		return trial_fail(trial, "an event is gone or half written");
	if (of_slot < of_table || of_table < of_event || of_event < FORMER || of_slot > WANTED)
		return trial_fail(trial, "what was published is gone");
	return of_event == WANTED ? OUTCOME_NEW : OUTCOME_OLD;
}

enum outcome publisher_play(struct trial *trial)
{
	struct published former = published_carrying(FORMER);
	struct published wanted = published_carrying(WANTED);

	(void)publish(trial->segment, &former); /* 0 always */
	struct victim victim = victim_start(publish, trial->segment, &wanted);
	trial->at_end = !victim_steps(&victim, trial->position);
	victim_kill(&victim, trial->segment);
	return published_judge(trial);
}
