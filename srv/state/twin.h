#ifndef STATE_TWIN_H
#define STATE_TWIN_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A value with one writer and many readers, without a lock: two copies and a turn. The writer fills
 * the copy that nobody is sent to and then moves the turn by one, which publishes it. A writer that
 * dies inside leaves the turn, and with it the old value, whole; no reader ever waits for it.
 *
 * copies: two values of size bytes, one after the other. turn starts at 0 with copies[0].
 */
void twin_write(_Atomic uint32_t *turn, void *copies, size_t size, const void *value);

/* A copy of the value as it was at one moment. */
void twin_read(_Atomic uint32_t *turn, const void *copies, size_t size, void *value);

#endif
