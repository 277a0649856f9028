/*
 * twin.c: two copies and a turn. Invariant: while the turn is n, copy n % 2 does not change.
 * So a reader that finds the same turn before and after has read one value; if not, it reads again,
 * which happens only when the writer has published meanwhile.
 */
#include "state/twin.h"

#include <string.h>

void twin_write(_Atomic uint32_t *turn, void *copies, size_t size, const void *value)
{
	uint32_t next = atomic_load_explicit(turn, memory_order_relaxed) + 1;

	/* The turn of the last writing must be seen before its old copy is written over. */
	atomic_thread_fence(memory_order_release);
	memcpy((unsigned char *)copies + next % 2 * size, value, size);
	atomic_store_explicit(turn, next, memory_order_release);
}

void twin_read(_Atomic uint32_t *turn, const void *copies, size_t size, void *value)
{
	uint32_t before, after;

	do {
		before = atomic_load_explicit(turn, memory_order_acquire);
		memcpy(value, (const unsigned char *)copies + before % 2 * size, size);
		atomic_thread_fence(memory_order_acquire);
		after = atomic_load_explicit(turn, memory_order_relaxed);
	} while (before != after);
}
