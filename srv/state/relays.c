/* relays.c: the table is a twin (state/twin.h) whose one writer is the running keeper. */
#include "state/relays.h"

#include "state/segment_layout.h"
#include "state/twin.h"

void relays_publish(struct segment *segment, const struct relay_table *table)
{
	struct relays_area *area = &segment->shared->relays;

	twin_write(&area->turn, area->copy, sizeof(*table), table);
}

void relays_read(struct segment *segment, struct relay_table *table)
{
	struct relays_area *area = &segment->shared->relays;

	twin_read(&area->turn, area->copy, sizeof(*table), table);
}
