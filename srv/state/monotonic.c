/* monotonic.c: the clock that limits are measured on. */
#include "state/monotonic.h"

static struct timespec monotonic_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: clock and pointer are good */
	return now;
}

int64_t monotonic_ms(void)
{
	struct timespec now = monotonic_now();

	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct timespec monotonic_after(int64_t span_ms)
{
	struct timespec then = monotonic_now();

	then.tv_sec += (time_t)(span_ms / 1000);
	then.tv_nsec += (long)(span_ms % 1000) * 1000000;
	if (then.tv_nsec >= 1000000000) {
		then.tv_sec++;
		then.tv_nsec -= 1000000000;
	}
	return then;
}
