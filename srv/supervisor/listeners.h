#ifndef SUPERVISOR_LISTENERS_H
#define SUPERVISOR_LISTENERS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include "config/endpoint.h"
#include "config/settings.h"
#include "session/services.h"
#include "supervisor/inherited.h"

/* The listening sockets. Invariant: fd is -1 exactly when the listener is closed. */

struct listener {
	int fd;
	bool inherited; /* who made it keeps it: its file is not ours to remove */
	const struct service *service;
	struct endpoint endpoint;
	char name[32];	   /* of the service for people: "control+tls" */
	char address[108]; /* as it came to be, with the real port */
	unsigned served;   /* connections in all */
	char (*peers)[64]; /* addresses of those, kept only with max= */
};

struct listeners {
	struct listener listener[SETTINGS_LISTENERS_MAX];
	size_t count, open;
};

/*
 * Open every listener of the settings, or take the inherited socket of its address: all or none. 0,
 * or -1 with a sentence in error. Accepted sockets inherit keepalive and TCP_NODELAY. A Unix socket
 * nobody answers at is removed first.
 */
int listeners_open(struct listeners *, const struct settings *, const struct inherited *,
		   char *error, size_t size);

/* Removes the file of a Unix socket that we made. */
void listener_close(struct listeners *, struct listener *);
void listeners_close(struct listeners *);

/* "control@127.0.0.1:43211 echo@[::1]:40123": the open ones. Returns text. */
char *listeners_format(const struct listeners *, char *text, size_t size);

#endif
