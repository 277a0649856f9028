/* shutdown.c: the flag is one word, 0 or kind and slot together: who sees it sees all of it. */
#include "state/shutdown.h"

#include <stdatomic.h>
#include <stdio.h>
#include "state/segment_layout.h"

enum { KIND_BITS = 8 };

static const struct {
	const char *words;
	bool names_client;
} reasons[] = {
	[SHUTDOWN_NONE] = {"the server was killed"}, /* what else ends a session */
	[SHUTDOWN_KS] = {"ks", .names_client = true},
	[SHUTDOWN_RBT] = {"rbt", .names_client = true},
	[SHUTDOWN_SIGNAL] = {"signal"},
	[SHUTDOWN_DONE] = {"the last listener has served its connections"},
	[SHUTDOWN_FAULT] = {"a fault of the server"},
};

bool shutdown_request(struct segment *segment, enum shutdown_kind kind, int slot)
{
	uint32_t none = 0, wanted = (uint32_t)(slot + 1) << KIND_BITS | (uint32_t)kind;

	return atomic_compare_exchange_strong(&segment->shared->shutdown, &none, wanted);
}

enum shutdown_kind shutdown_wanted(struct segment *segment, int *slot)
{
	uint32_t wanted = segment->shared->shutdown;

	*slot = (int)(wanted >> KIND_BITS) - 1;
	return (enum shutdown_kind)(wanted & ((1U << KIND_BITS) - 1));
}

char *shutdown_reason(struct segment *segment, char *text, size_t size)
{
	struct slot asker;
	int slot;
	enum shutdown_kind kind = shutdown_wanted(segment, &slot);

	/* The asker's slot may be free by now; what stood in it is still there. */
	if (reasons[kind].names_client && slot != SLOT_NONE) {
		(void)slot_read(segment, slot, &asker);
		(void)snprintf(text, size, "%s by %s", reasons[kind].words, asker.address);
	} else {
		(void)snprintf(text, size, "%s", reasons[kind].words); /* a cut is the caller's */
	}
	return text;
}
