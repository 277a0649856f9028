#ifndef SUPERVISOR_NOTIFY_H
#define SUPERVISOR_NOTIFY_H

#include <stdint.h>

/*
 * Telling a service manager how the server does, by the protocol of sd_notify(3): datagrams to the
 * Unix socket that NOTIFY_SOCKET names. Where none is named nothing is said.
 */
struct notify {
	int fd;		     /* connected; -1 nobody wants to hear */
	int64_t watchdog_ms; /* a WATCHDOG=1 has to come that often; 0 need not */
};

/* Take it and the watchdog out of the environment. 0, or -1 with errno of connect(2). */
int notify_open(struct notify *);

/* "READY=1", or several such lines. A message that can't be sent is logged. */
void notify_say(const struct notify *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
