/* counters.c: each total is one atomic word, so there is nothing to be found half done. */
#include "state/counters.h"

#include <stdatomic.h>
#include "state/segment_layout.h"

void counter_add(struct segment *segment, enum counter counter, uint64_t amount)
{
	atomic_fetch_add_explicit(&segment->shared->counter[counter], amount, memory_order_relaxed);
}

uint64_t counter_read(struct segment *segment, enum counter counter)
{
	return atomic_load_explicit(&segment->shared->counter[counter], memory_order_relaxed);
}

int64_t server_started_ns(struct segment *segment)
{
	return segment->shared->header.started_ns;
}
