/* queue_check.c: the queue's invariants, told from outside of the code that keeps them. */
#include "queue_check.h"

#include <stdbool.h>
#include "state/segment_layout.h"

const char *queue_fault(struct segment *segment)
{
	struct shared *shared = segment->shared;
	uint32_t waiting = shared->queue.filed - shared->queue.taken;
	bool seen[SLOTS_MAX] = {false};
	unsigned queued = 0;

	if (segment_check(segment) == -1)
		return "the segment was overwritten";
	if (shared->redo.valid != 0)
		return "an update was left half made";
	if (waiting > segment->max_clients)
		return "more requests wait than there are slots";
	for (uint32_t i = 0; i < waiting; i++) {
		uint32_t slot = shared->queued_slot[(shared->queue.taken + i) % SLOTS_MAX];
		if (seen[slot])
			return "a slot waits twice";
		if (segment->askers[slot].queued != 1)
			return "a slot waits and does not know";
		seen[slot] = true;
	}
	for (unsigned slot = 0; slot < segment->max_clients; slot++)
		queued += segment->askers[slot].queued;
	return queued == waiting ? NULL : "a slot believes to wait and does not";
}
