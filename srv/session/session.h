#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include "line_buffer.h"
#include "log/audit.h"
#include "session/channel.h"
#include "session/command.h"
#include "session/services.h"
#include "session/wording.h"
#include "state/events.h"
#include "state/requests.h"
#include "state/slots.h"

/* The process that serves one client: what it knows while it takes commands. */
struct session {
	struct session_start start;
	struct slot self;	       /* as published in the client's slot */
	const struct command *command; /* the one being run, for its usage */
	const struct wording *wording; /* NULL: as in sprinkle-protocol(7), with codes */
	enum role role;
	bool may_kill; /* ks though no admin: loopback without users */
	bool json, closing;
	unsigned auth_failures;
	bool secret_heard; /* a line held a password: what is left of it is to be wiped */
	struct event_cursor events;
	struct channel channel; /* large, and only its beginning is much used: the last */
};

/* Begin: channel and slot. Also for the services that have no commands. */
void session_begin(struct session *, const struct session_start *);

/* Once it is known who this is: in the client's slot, in ps(1) and in the logs. */
void session_introduce(struct session *);

/* End: what is still unsent goes out, and the bytes are added to the server's totals. */
void session_end(struct session *);

/* Who this is, for logs and events: "admin 192.168.1.20:50514", "operator unix". */
char *session_name(const struct session *, char *text, size_t size);

/* The same for audit lines. */
struct audit_subject session_subject(const struct session *);

/* Say in ps(1) and in the logs who is served here. */
void session_title(const struct session *);

/* Publish the slot: role, user, last command, bytes. */
void session_publish(struct session *);

/* Ask the keeper and wait for its answer; on failure replies 451 and returns -1. */
int session_ask(struct session *, struct request *, struct answer *);

/* Set the shutdown flag as this client, tell the supervisor, and say the last words. */
void session_end_server(struct session *, int shutdown_kind);

/* "421 Server is shutting down RE: …", or as the service words it */
void session_farewell(struct session *);

int control_serve(const struct session_start *);
int legacy_serve(const struct session_start *);
int echo_serve(const struct session_start *);
int happy_serve(const struct session_start *);

#endif
