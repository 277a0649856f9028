#ifndef CLERK_CLERK_MESSAGE_H
#define CLERK_CLERK_MESSAGE_H

#include <stdint.h>
#include "clerk/clerk_call.h"
#include "config/users.h"

/*
 * What a session and the clerk send each other: one packet of fixed size each way. With a request
 * comes one end of a socket for the answer (SCM_RIGHTS), and the kernel's word on who sent it
 * (SCM_CREDENTIALS); with an answer the descriptor asked for.
 */

enum clerk_kind { CLERK_CHECK, CLERK_OPEN, CLERK_UPDATE };

enum { CLERK_PASSWORD_SIZE = 1024 }; /* a line of the control protocol holds no longer one */

struct clerk_request {
	uint32_t kind; /* enum clerk_kind */
	uint32_t slot; /* the asker's */
	uint32_t file; /* CLERK_OPEN: enum clerk_file */
	char name[USER_NAME_SIZE];
	char password[CLERK_PASSWORD_SIZE];
};

struct clerk_answer {
	int32_t error;	/* 0, or an errno */
	int32_t role;	/* CLERK_CHECK: the user's */
	int32_t status; /* CLERK_UPDATE, second answer: as of wait(2) */
};

#endif
