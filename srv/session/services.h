#ifndef SESSION_SERVICES_H
#define SESSION_SERVICES_H

#include <stdbool.h>
#include <sys/socket.h>
#include "config/settings.h"
#include "state/segment.h"

struct transport;

/*
 * The services a listener can give, and the one way into a session. This is all that the
 * supervisor knows of the protocols spoken inside.
 */

struct session_start {
	int socket; /* the client's, non-blocking; the session's from now on */
	const struct transport *transport; /* TLS over it, session/channel.h; NULL plain */
	struct segment *segment;
	const struct settings *settings;
	int slot; /* reserved; its content describes the connection */
	const struct sockaddr_storage *peer;
	bool users_exist; /* there is a users file: names and passwords count */
	pid_t supervisor; /* told by SIGTERM when a client ends the server */
	int clerk;	  /* what clerk/clerk_call.h takes */
	gid_t operators;  /* members of this group are operators on a Unix socket; -1 none */
};

struct service {
	const char *name;
	const char *meaning;
	const char
		*busy_format; /* what a client hears that can't be served; %s is why. "" nothing */
	bool authenticates;   /* a client must say who it is, where there are users */
	bool nameless;	      /* its clients send a password only: it is legacy_user's */
	int (*serve)(const struct session_start *); /* returns the exit status */
};

/* Prepare what every session inherits; call it before the first fork. */
void services_prepare(void);

/* Every service, ended by a row with name NULL. */
extern const struct service services[];

const struct service *service_find(const char *name); /* NULL: there is none */

#endif
