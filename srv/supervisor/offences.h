#ifndef SUPERVISOR_OFFENCES_H
#define SUPERVISOR_OFFENCES_H

#include "state/slots.h"
#include "supervisor/supervisor.h"

/* Penalise a session's source for what the session did, once it has ended (status of wait(2)). */
void offences_penalize(struct supervisor *, const struct worker *, const struct slot *, int status);

#endif
