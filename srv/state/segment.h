#ifndef STATE_SEGMENT_H
#define STATE_SEGMENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The shared memory of one server: header, lock, client slots, requests, relay states, events,
 * counters, settings. The supervisor creates it; sessions inherit the mapping, the keeper maps the
 * descriptor it is handed. A segment is a process's handle; the modules of this folder own the
 * areas inside and hand out copies, never pointers.
 */
struct segment;

/*
 * Create it: shm_open(name, O_CREAT|O_EXCL, 0600), unlink the name, size it, map it, write the
 * header. An earlier one of that name is removed first (the caller holds the pid file's lock).
 * max_clients: 1 to 4096. Returns NULL with EINVAL or the system's errno, such as ENOSPC: what the
 * supervisor and the keeper write is reserved. name as of shm_open(3).
 */
struct segment *segment_create(const char *name, unsigned max_clients);

/* The descriptor of a created segment (close-on-exec), for handing to the keeper. */
int segment_descriptor(const struct segment *);

/*
 * Map what descriptor holds. Returns NULL with errno: EPROTO magic, version or size is not ours,
 * or the system's.
 */
struct segment *segment_attach(int descriptor);

/* 0 when header and invariants hold, -1 with errno EPROTO when something was overwritten. */
int segment_check(const struct segment *);

unsigned segment_max_clients(const struct segment *);

void segment_destroy(struct segment *); /* unmap and close; NULL is harmless */

/*
 * Heal what a dead worker may have left half made: call it in the supervisor between
 * waitid(WNOWAIT) and waitpid, while the pid cannot be reused. Finishes or undoes its update, frees
 * the lock, heals lost wake-ups. Never blocks.
 */
void segment_repair(struct segment *, pid_t dead);

/*
 * The pid of a process that has held the lock for longer than limit_ms, for the supervisor to
 * kill; 0 when there is none. CLOCK_MONOTONIC.
 */
pid_t segment_lock_overdue(struct segment *, int64_t limit_ms);

#endif
