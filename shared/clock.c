/*
 * clock.c: the clocks that spans are measured on.
 */
#include "clock.h"

static struct timespec clock_now(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now); /* cannot fail: clock and pointer are good */
	return now;
}

static int64_t milliseconds(struct timespec moment)
{
	return (int64_t)moment.tv_sec * 1000 + moment.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
	return milliseconds(clock_now(CLOCK_MONOTONIC));
}

int64_t clock_boot_ms(void)
{
	return milliseconds(clock_now(CLOCK_BOOTTIME));
}

int64_t clock_deadline_ms(int64_t span_ms)
{
	return span_ms > 0 ? clock_monotonic_ms() + span_ms : -1;
}

struct timespec clock_monotonic_after(int64_t span_ms)
{
	struct timespec then = clock_now(CLOCK_MONOTONIC);

	then.tv_sec += (time_t)(span_ms / 1000);
	then.tv_nsec += (long)(span_ms % 1000) * 1000000;
	if (then.tv_nsec >= 1000000000) {
		then.tv_sec++;
		then.tv_nsec -= 1000000000;
	}
	return then;
}
