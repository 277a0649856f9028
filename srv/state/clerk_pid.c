/* clerk_pid.c: one word, so there is nothing to be found half done. */
#include "state/clerk_pid.h"

#include <stdatomic.h>
#include "state/segment_layout.h"

void clerk_pid_publish(struct segment *segment, pid_t pid)
{
	atomic_store_explicit(&segment->shared->clerk, (uint32_t)pid, memory_order_relaxed);
}

pid_t clerk_pid_read(struct segment *segment)
{
	return (pid_t)atomic_load_explicit(&segment->shared->clerk, memory_order_relaxed);
}
