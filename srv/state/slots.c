/*
 * slots.c: who is connected. Two facts of a slot, each with its own writer: that it is in use is a
 * bit which the supervisor alone changes; its content is a twin (state/twin.h) whose writer is the
 * supervisor until the fork, then the worker until its death. Each is whole at any moment, so a
 * death at any instruction leaves nothing to repair but the bits, which slot_free clears.
 */
#include "state/slots.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include "state/segment_layout.h"
#include "state/twin.h"

static void bit_set(_Atomic uint64_t words[], int number)
{
	atomic_fetch_or(&words[number / 64], UINT64_C(1) << number % 64);
}

static void bit_clear(_Atomic uint64_t words[], int number)
{
	atomic_fetch_and(&words[number / 64], ~(UINT64_C(1) << number % 64));
}

static bool bit_is_set(const _Atomic uint64_t words[], int number)
{
	return words[number / 64] >> number % 64 & 1;
}

/* The first bit set from number on, or SLOT_NONE. */
static int bit_next(const struct segment *segment, const _Atomic uint64_t words[], int number)
{
	int word = number / 64, end = ((int)segment->max_clients + 63) / 64;

	if (word >= end)
		return SLOT_NONE;
	uint64_t bits = words[word] & UINT64_MAX << number % 64;
	while (bits == 0) {
		if (++word == end)
			return SLOT_NONE;
		bits = words[word];
	}
	return word * 64 + __builtin_ctzll(bits);
}

int slot_reserve(struct segment *segment, const struct slot *slot)
{
	struct slot_index *index = &segment->shared->index;
	struct slot fresh = *slot;
	int number = SLOT_NONE;

	/* Always the lowest: memory once touched is used again. */
	if (index->full != UINT64_MAX) {
		int word = __builtin_ctzll(~index->full);
		number = word * 64 + __builtin_ctzll(~index->used[word]);
	}
	if (number == SLOT_NONE || (unsigned)number >= segment->max_clients) {
		errno = EUSERS;
		return -1;
	}
	fresh.pid = 0;
	slot_publish(segment, number, &fresh);
	if (slot->unauthenticated)
		bit_set(index->unauthenticated, number);
	bit_set(index->used, number);
	if (index->used[number / 64] == UINT64_MAX)
		index->full |= UINT64_C(1) << number / 64;
	return number;
}

void slot_free(struct segment *segment, int number)
{
	struct slot_index *index = &segment->shared->index;

	bit_clear(index->watching, number);
	bit_clear(index->unauthenticated, number);
	bit_clear(index->used, number);
	index->full &= ~(UINT64_C(1) << number / 64);
}

void slot_publish(struct segment *segment, int number, const struct slot *slot)
{
	struct slot_cell *cell = &segment->slots[number];

	twin_write(&cell->turn, cell->copy, sizeof(*slot), slot);
}

bool slot_read(struct segment *segment, int number, struct slot *slot)
{
	struct slot_cell *cell = &segment->slots[number];

	twin_read(&cell->turn, cell->copy, sizeof(*slot), slot);
	slot->watching = bit_is_set(segment->shared->index.watching, number);
	slot->unauthenticated = bit_is_set(segment->shared->index.unauthenticated, number);
	return bit_is_set(segment->shared->index.used, number);
}

int slot_next(struct segment *segment, int number)
{
	return bit_next(segment, segment->shared->index.used, number);
}

static unsigned bits_count(const struct segment *segment, const _Atomic uint64_t words[])
{
	unsigned count = 0;

	for (unsigned word = 0; word * 64 < segment->max_clients; word++)
		count += (unsigned)__builtin_popcountll(words[word]);
	return count;
}

unsigned slots_used(struct segment *segment)
{
	return bits_count(segment, segment->shared->index.used);
}

void slot_authenticated(struct segment *segment, int number)
{
	bit_clear(segment->shared->index.unauthenticated, number);
}

unsigned slots_unauthenticated(struct segment *segment)
{
	return bits_count(segment, segment->shared->index.unauthenticated);
}

void slot_watch(struct segment *segment, int number, bool on)
{
	if (on)
		bit_set(segment->shared->index.watching, number);
	else
		bit_clear(segment->shared->index.watching, number);
}

void slots_wake_watchers(struct segment *segment)
{
	_Atomic uint64_t *watching = segment->shared->index.watching;
	struct slot slot;

	for (int n = bit_next(segment, watching, 0); n != SLOT_NONE;
	     n = bit_next(segment, watching, n + 1))
		if (slot_read(segment, n, &slot) && slot.pid > 0)
			(void)kill(slot.pid, SIGURG); /* gone by now: nobody to wake */
}
