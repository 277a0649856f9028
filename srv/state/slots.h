#ifndef STATE_SLOTS_H
#define STATE_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "config/users.h"
#include "peer.h"
#include "state/segment.h"

/*
 * One slot per client. The supervisor alone reserves (before fork) and frees (after the worker's
 * death, before waitpid); a session writes its own slot only; readers get copies, consistent by a
 * per-slot sequence counter. Slots are numbered from 0 to segment_max_clients - 1.
 */

#define SLOT_NONE (-1)

/* What its client, or the session itself, did wrong, for penalties.h. */
struct slot_offences {
	uint8_t passwords; /* wrong ones */
	uint8_t roles;	   /* commands that its role may not */
	bool late;	   /* not authenticated in time */
	bool wanted_crash; /* an admin's, on purpose: no offence */
};

struct slot {
	pid_t pid;	    /* 0: reserved, the worker has not spoken yet */
	unsigned serial;    /* number of the connection since the server's start, from 1 */
	char listener[108]; /* "127.0.0.1:5050" */
	char service[32];   /* "control" */
	char address[PEER_TEXT_SIZE]; /* "192.168.1.20:50514" or "unix" */
	char user[USER_NAME_SIZE];    /* "" not authenticated by name */
	enum role role;
	int64_t came_ns, spoke_ns; /* realtime, nanoseconds since the epoch */
	char command[16];	   /* name of the last command */
	uint64_t bytes_in, bytes_out;
	struct slot_offences offences;
	bool watching;	      /* as slot_watch has set it; slot_publish leaves it */
	bool unauthenticated; /* must authenticate and has not */
};

/*
 * Supervisor: reserve a slot for the connection that *slot describes (pid is ignored).
 * O(1). Returns its number, or -1 with errno EUSERS when all are taken.
 */
int slot_reserve(struct segment *, const struct slot *);

/* Supervisor: free the slot; what stands in it stays readable until it is reserved again. */
void slot_free(struct segment *, int number);

/* Worker: publish the whole slot *slot as number's content (pid included). */
void slot_publish(struct segment *, int number, const struct slot *);

/*
 * Anyone: a consistent copy. Returns true when the slot is in use; false when it is free (the copy
 * is then the last content). A writer that died inside an update can't block a reader.
 */
bool slot_read(struct segment *, int number, struct slot *);

/* Anyone: the next slot in use from number on (0 first), or SLOT_NONE. */
int slot_next(struct segment *, int number);

unsigned slots_used(struct segment *);

/* Worker: its client has authenticated, where it had to. */
void slot_authenticated(struct segment *, int number);

/* How many that had to authenticate have not. Always right, whoever dies when. */
unsigned slots_unauthenticated(struct segment *);

/* Worker: whether events shall wake this slot's process by SIGURG. */
void slot_watch(struct segment *, int number, bool on);

/*
 * Wake every watching process with SIGURG (ignored by default: a pid that was reused comes to no
 * harm).
 */
void slots_wake_watchers(struct segment *);

#endif
