#ifndef CLERK_CLERK_H
#define CLERK_CLERK_H

#include "config/settings.h"
#include "state/segment.h"

/*
 * The clerk: the process that does for sessions what needs files or programs. It opens logs for
 * reading, checks passwords, so that no session ever sees a hash, and runs update_command. The
 * keeper does without it: no water depends on it.
 */

struct clerk_start {
	int socket; /* requests come by it; SO_PASSCRED is set */
	struct segment *segment;
	const struct settings *settings; /* this process's own, which no session can write */
};

/* Serve until SIGTERM (all that the caller has blocked stays so). Returns the exit status. */
int clerk_serve(const struct clerk_start *);

#endif
