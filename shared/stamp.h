#ifndef SHARED_STAMP_H
#define SHARED_STAMP_H

#include <stddef.h>
#include <stdint.h>

/* Points in time: nanoseconds since the epoch (CLOCK_REALTIME) in, RFC 3339 text out, and back. */

#define STAMP_SIZE 40 /* bytes that hold any stamp below with its NUL */

/* The clock CLOCK_REALTIME now, in nanoseconds since the epoch. Cannot fail on Linux. */
int64_t stamp_now_ns(void);

/* The same as of the last tick of the kernel, up to 10 ms ago: a fraction of the cost. */
int64_t stamp_coarse_ns(void);

/* "2026-11-21T06:30:00Z" (whole seconds, UTC). Returns text; "never" for a negative time. */
char *stamp_utc(int64_t time_ns, char *text, size_t size);

/* "2026-11-21T07:30:00+01:00": the same in the process's zone (TZ). */
char *stamp_local(int64_t time_ns, char *text, size_t size);

/*
 * Read RFC 3339: "2026-11-21T07:30:00+01:00", "…Z", a fraction of a second allowed; or a bare date
 * "2026-11-21": local midnight in TZ, or where a clock change skips midnight the day's first
 * instant. A leap second (:60) counts as the second after it. From 1970 to 2261. Returns 0, or -1
 * with errno EINVAL.
 */
int stamp_parse(const char *text, int64_t *time_ns);

#endif
