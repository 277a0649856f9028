#ifndef STATE_MONOTONIC_H
#define STATE_MONOTONIC_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC: how long something takes, whatever is done to the time of day. */

int64_t monotonic_ms(void);

/* The moment that is so many milliseconds from now, for sem_clockwait(3). */
struct timespec monotonic_after(int64_t span_ms);

#endif
