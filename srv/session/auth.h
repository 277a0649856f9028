#ifndef SESSION_AUTH_H
#define SESSION_AUTH_H

#include "session/session.h"

/*
 * Who a client is before it says anything: on a Unix socket by its uid and groups, on loopback by
 * the absence of a users file. Sets role and may_kill.
 */
void auth_begin(struct session *);

/*
 * Try a name and a password, which is wiped. True: the session has the user's name and role. False:
 * the failure was logged and counted in auth_failures, and has taken its second; what the client
 * hears is the caller's to say.
 */
bool auth_password(struct session *, const char *name, char *password);

/* The auth command: words are USER and PASSWORD. Replies, and closes after the third failure. */
void auth_run(struct session *, char *words[], size_t count);

#endif
