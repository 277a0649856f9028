#ifndef SHARED_CLOCK_H
#define SHARED_CLOCK_H

#include <stdint.h>
#include <time.h>

/* How long something takes, whatever is done to the time of day (which is stamp.h's). */

int64_t clock_monotonic_ms(void); /* CLOCK_MONOTONIC: stands still while the machine sleeps */
int64_t clock_boot_ms(void);	  /* CLOCK_BOOTTIME: counts on meanwhile */

/* The end of a span that begins now, of clock_monotonic_ms(); -1, never, for a span of 0 or less.
 */
int64_t clock_deadline_ms(int64_t span_ms);

/* The moment of CLOCK_MONOTONIC that is so many milliseconds from now, for sem_clockwait(3). */
struct timespec clock_monotonic_after(int64_t span_ms);

#endif
