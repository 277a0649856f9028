#ifndef CLI_IDENTITY_H
#define CLI_IDENTITY_H

#include <stdbool.h>
#include "status.h"
#include "target.h"

#define PASSWORD_SIZE 256

/* Who the user wants to be. The password is got once and kept for connecting again. */
struct identity {
	const char *user; /* NULL: nobody by name */
	bool known;	  /* password is set */
	char password[PASSWORD_SIZE];
};

/*
 * Make sure that the password is known: from the first line of the file SPRINKLE_PASSWORD_FILE
 * names, else from the hosts file's line, else asked for on the terminal.
 * Returns 0, or -1 with *failure.
 */
int identity_complete(struct identity *, const struct target *, struct failure *);

/* Ask for a password on the terminal, without echo. Returns 0, or -1 with *failure. */
int password_ask(const char *user, char password[PASSWORD_SIZE], struct failure *);

#endif
