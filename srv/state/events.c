/*
 * events.c: a ring for each writer. Invariant: of the EVENT_RING_SIZE places the one that the next
 * event goes to may be half written; the others are whole. So a writer's death inside a writing
 * costs that event alone, and its successor writes it over.
 */
#include "state/events.h"

#include <errno.h>
#include <stdatomic.h>
#include "state/segment_layout.h"

void event_publish(struct segment *segment, enum event_writer writer, const struct event *event)
{
	struct event_ring *ring = &segment->shared->events[writer];
	uint64_t number = atomic_load_explicit(&ring->published, memory_order_relaxed);

	/* Readers must know of the event before before they can find its oldest neighbour gone. */
	atomic_thread_fence(memory_order_release);
	ring->event[number % EVENT_RING_SIZE] = *event;
	atomic_store_explicit(&ring->published, number + 1, memory_order_release);
	slots_wake_watchers(segment);
}

void event_cursor_init(struct segment *segment, struct event_cursor *cursor)
{
	for (int i = 0; i < EVENT_WRITERS; i++)
		cursor->next[i] = segment->shared->events[i].published;
}

/* Move next on to the oldest event that can still be read. Returns how many were passed over. */
static uint64_t ring_catch_up(struct event_ring *ring, uint64_t *next)
{
	uint64_t published = ring->published;

	if (published - *next < EVENT_RING_SIZE)
		return 0;
	uint64_t oldest = published - (EVENT_RING_SIZE - 1), lost = oldest - *next;
	*next = oldest;
	return lost;
}

/* Copy event number next. 1, or 0 when it is not published yet, -1 when it was written over. */
static int ring_read(struct event_ring *ring, uint64_t next, struct event *event)
{
	if (atomic_load_explicit(&ring->published, memory_order_acquire) == next)
		return 0;
	*event = ring->event[next % EVENT_RING_SIZE];
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&ring->published, memory_order_relaxed) - next < EVENT_RING_SIZE
		       ? 1
		       : -1;
}

int event_next(struct segment *segment, struct event_cursor *cursor, struct event *event,
	       uint64_t *lost)
{
	struct event found;
	int from = EVENT_WRITERS;

	*lost = 0;
	for (int i = 0; i < EVENT_WRITERS; i++) {
		struct event_ring *ring = &segment->shared->events[i];
		int read = ring_read(ring, cursor->next[i], &found);
		if (read == -1)
			*lost += ring_catch_up(ring, &cursor->next[i]);
		if (read == 1 && (from == EVENT_WRITERS || found.time_ns < event->time_ns)) {
			*event = found;
			from = i;
		}
	}
	if (*lost > 0) {
		errno = EOVERFLOW;
		return -1;
	}
	if (from == EVENT_WRITERS)
		return 0;
	cursor->next[from]++;
	return 1;
}
