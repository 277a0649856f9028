#ifndef STATE_CLERK_PID_H
#define STATE_CLERK_PID_H

#include <sys/types.h>
#include "state/segment.h"

/* Which process is the clerk, for gat. One atomic word, the supervisor's. */

void clerk_pid_publish(struct segment *, pid_t); /* 0: none is running */
pid_t clerk_pid_read(struct segment *);

#endif
