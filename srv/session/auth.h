#ifndef SESSION_AUTH_H
#define SESSION_AUTH_H

#include "session/session.h"

/*
 * Who a client is before it says anything: on a Unix socket by its uid and groups, on loopback by
 * the absence of a users file. Sets role and may_kill.
 */
void auth_begin(struct session *);

/* The auth command: words are USER and PASSWORD. Replies, and closes after the third failure. */
void auth_run(struct session *, char *words[], size_t count);

#endif
