#ifndef CLERK_CLERK_CALL_H
#define CLERK_CLERK_CALL_H

#include "config/users.h"

/*
 * What a session asks the clerk for: files and programs are out of its own reach. clerk is the
 * descriptor that all sessions inherit, slot the asker's own. On failure every call sets errno:
 * EBUSY the clerk has too much to do, ETIMEDOUT it took too long, EPIPE it died meanwhile, EPERM it
 * refuses, else the system's.
 */

/* Check a password: 0 and *role, or -1 with errno; EACCES: wrong name or password. */
int clerk_check(int clerk, int slot, const char *name, const char *password, enum role *role);

enum clerk_file {
	CLERK_EVENTS,	   /* the event log */
	CLERK_ERRORS,	   /* the error log */
	CLERK_RUNS,	   /* the run log */
	CLERK_TEMPERATURE, /* of the CPU, in thousandths of a degree Celsius */
	CLERK_THROTTLED,   /* a Raspberry Pi's throttling flags, hexadecimal */
	CLERK_FILES
};

/* Open one of them for reading: a descriptor, or -1 with errno as of open(2). */
int clerk_open(int clerk, int slot, enum clerk_file);

/*
 * Start update_command. Returns the descriptor of its output and in *end one for
 * clerk_update_end; or -1 with errno.
 */
int clerk_update(int clerk, int slot, int *end);

/* When its output has ended: its status as of wait(2), or -1 with errno. Closes end. */
int clerk_update_end(int end);

#endif
