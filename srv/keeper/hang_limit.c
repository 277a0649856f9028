/*
 * hang_limit.c: a timer that kills this process when it has not been pushed forward in time.
 */
#include "keeper/hang_limit.h"

#include <signal.h>
#include <time.h>

static timer_t timer;

int hang_limit_create(void)
{
	struct sigevent kill = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};

	return timer_create(CLOCK_MONOTONIC, &kill, &timer);
}

int hang_limit_push(int64_t limit_ms)
{
	struct itimerspec limit = {
		.it_value = {.tv_sec = limit_ms / 1000, .tv_nsec = limit_ms % 1000 * 1000000},
	};

	return timer_settime(timer, 0, &limit, NULL);
}
