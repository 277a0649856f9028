#ifndef SUPERVISOR_TLS_SESSION_H
#define SUPERVISOR_TLS_SESSION_H

#include "supervisor/supervisor.h"

/*
 * In the forked child: become sprinkled-tls, which serves what start describes inside TLS. Whatever
 * is not handed over closes by itself. Does not return.
 */
void tls_session_become(struct supervisor *, const struct service *, const struct session_start *)
	__attribute__((noreturn));

#endif
