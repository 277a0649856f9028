#ifndef STATE_SHUTDOWN_H
#define STATE_SHUTDOWN_H

#include <stdbool.h>
#include "state/segment.h"

/* The shutdown flag: one atomic word, set once; it says why and by which slot. */

enum shutdown_kind {
	SHUTDOWN_NONE,
	SHUTDOWN_KS,	 /* a client's ks */
	SHUTDOWN_RBT,	 /* a client's rbt: run the reboot_command afterwards */
	SHUTDOWN_SIGNAL, /* SIGTERM or SIGINT to the supervisor */
	SHUTDOWN_DONE,	 /* the last listener has served its max connections */
	SHUTDOWN_FAULT,	 /* an invariant broke, or the keeper can't be kept running */
};

/* Ask for it; slot is the asking client's or SLOT_NONE. The first asker wins; true for it. */
bool shutdown_request(struct segment *, enum shutdown_kind, int slot);

enum shutdown_kind shutdown_wanted(struct segment *, int *slot);

/* "ks by 192.168.1.20:50514", "signal", …: the words after RE:. Returns text. */
char *shutdown_reason(struct segment *, char *text, size_t size);

#endif
