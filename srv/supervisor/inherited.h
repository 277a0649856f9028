#ifndef SUPERVISOR_INHERITED_H
#define SUPERVISOR_INHERITED_H

#include <stddef.h>
#include "config/settings.h"

/*
 * Listening sockets that whoever started the server hands over: inetd and xinetd a "wait" service's
 * as standard input, systemd any number from descriptor 3 on (sd_listen_fds(3)). Each is known by
 * its address, as a listener that settings might name.
 */

struct inherited_socket {
	int fd; /* close-on-exec, and above whatever else is opened at start */
	char listener[SETTING_TEXT_SIZE]; /* "control@127.0.0.1:5050" */
};

struct inherited {
	struct inherited_socket socket[SETTINGS_LISTENERS_MAX];
	size_t count;
};

/*
 * Take them, before anything else is opened, and forget what the environment says of them.
 * inetd_service: standard input is a listener of that service; standard input, output and error
 * become /dev/null then, and what is printed to stderr goes to syslog(3). NULL: it is not one.
 * Returns 0, or -1 with a sentence in error.
 */
int inherited_take(struct inherited *, const char *inetd_service, char *error, size_t size);

/* The descriptor of the one at that address ("[::1]:5050", "unix:/path"), or -1. */
int inherited_find(const struct inherited *, const char *address);

#endif
