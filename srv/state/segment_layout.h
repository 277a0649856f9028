#ifndef STATE_SEGMENT_LAYOUT_H
#define STATE_SEGMENT_LAYOUT_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "config/settings.h"
#include "schedule/profiles.h"
#include "schedule/runner.h"
#include "state/counters.h"
#include "state/events.h"
#include "state/lock.h"
#include "state/penalties.h"
#include "state/relays.h"
#include "state/requests.h"
#include "state/slots.h"
#include "state/update.h"

/*
 * What lies where in the shared memory; for this folder (and its tests) alone. Each area belongs to
 * the module of its name. Everything is right when it is all zero bytes, but for the header and the
 * semaphores: so what is never used is never touched and costs no memory.
 *
 *   struct shared     what every process touches, in one page; then the areas of fixed size
 *   slot cells        one per possible client
 *   askers            likewise
 *   request cells     likewise; pages touched by who asks the keeper for something
 */

enum {
	SLOTS_MAX = 4096,
	SLOT_WORDS = SLOTS_MAX / 64,
	EVENT_RING_SIZE = 256, /* events; one less can be read back */
	LAYOUT_PAGE = 4096,    /* a larger page of the system only packs more together */
};

#define SEGMENT_MAGIC	0x646c6b6e69727073ULL /* "sprinkld" where the low byte comes first */
#define SEGMENT_VERSION 1

struct segment_header {
	uint64_t magic;
	uint32_t version;
	uint32_t max_clients;
	uint64_t size;	    /* of the whole segment, bytes */
	int64_t started_ns; /* realtime */
};

/* slots.c: bit n % 64 of word n / 64 is slot n. */
struct slot_index {
	_Atomic uint64_t used[SLOT_WORDS];     /* the supervisor's */
	_Atomic uint64_t watching[SLOT_WORDS]; /* each worker's own bit; cleared by slot_free */
	_Atomic uint64_t unauthenticated[SLOT_WORDS]; /* each worker clears its own */
	uint64_t full; /* bit w: no bit of used[w] is 0. The supervisor's */
};

/* requests.c: running counts, guarded by the lock; filed - taken requests wait. */
struct request_queue {
	_Atomic uint32_t filed, taken;
	_Atomic uint32_t keeper_life; /* grows at each keeper's death; the supervisor's */
};

struct event_ring {
	_Atomic uint64_t published; /* events since the start; the next goes to this place */
	struct event event[EVENT_RING_SIZE];
};

struct relays_area {
	_Atomic uint32_t turn;
	struct relay_table copy[2];
};

struct settings_area {
	_Atomic uint32_t turn;
	struct settings copy[2];
};

struct profiles_area {
	_Atomic uint32_t turn;
	struct profile_set copy[2];
};

struct runner_area {
	_Atomic uint32_t turn;
	struct runner_state copy[2];
};

struct penalties_area {
	_Atomic uint32_t used; /* cells from 0 that may hold one; the supervisor's */
	struct penalty_cell {
		_Atomic uint32_t turn;
		struct penalty copy[2];
	} cell[PENALTIES_MAX];
};

struct shared {
	struct segment_header header;
	alignas(64) _Atomic uint32_t shutdown; /* shutdown.c: kind, and above it slot + 1 */
	_Atomic uint32_t clerk;		       /* clerk_pid.c */
	alignas(64) struct state_lock lock;
	struct redo redo; /* the lock holder's */
	struct request_queue queue;
	alignas(64) _Atomic uint64_t counter[COUNTERS];
	alignas(64) struct slot_index index;
	alignas(LAYOUT_PAGE) _Atomic uint32_t queued_slot[SLOTS_MAX]; /* by count % SLOTS_MAX */
	struct event_ring events[EVENT_WRITERS];
	struct penalties_area penalties;
	struct relays_area relays;
	struct settings_area settings;
	struct runner_area runner;
	struct profiles_area profiles;
};

_Static_assert(offsetof(struct shared, queued_slot) == LAYOUT_PAGE, "the common page is one page");
_Static_assert((SLOTS_MAX & (SLOTS_MAX - 1)) == 0, "the queue's counts wrap at a power of two");

/* A power of two, so that no slot lies across two pages. */
struct slot_cell {
	alignas(1024) _Atomic uint32_t turn;
	struct slot copy[2];
};

_Static_assert(sizeof(struct slot_cell) == 1024, "four slots are one page");

/* What a slot's process and the keeper tell each other. */
struct asker {
	alignas(64) sem_t wake;	   /* posted when something below or keeper_life has changed */
	_Atomic uint32_t number;   /* of its newest request; grows for ever, whoever has the slot */
	_Atomic uint32_t queued;   /* 1: the slot stands in the queue */
	_Atomic uint32_t life;	   /* keeper_life when the newest request was filed */
	_Atomic uint32_t answered; /* number of the request that the answer is for */
};

struct request_cell {
	alignas(64) struct request request[2]; /* request number n is [n % 2] */
	struct answer answer;
};

/* A process's handle. */
struct segment {
	struct shared *shared;
	struct slot_cell *slots;
	struct asker *askers;
	struct request_cell *requests;
	unsigned max_clients;
	size_t size;
	int descriptor; /* -1 when attached */
	int wake;	/* eventfd that the keeper waits on; -1 none */
	bool created;	/* the two descriptors are ours to close */
};

/* A change of guarded words, to be made by the lock's holder. */
static inline struct update segment_update(struct segment *segment)
{
	return (struct update){.redo = &segment->shared->redo,
			       .base = (unsigned char *)segment->shared,
			       .size = segment->size};
}

#endif
