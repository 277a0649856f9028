#include "identity.h"

#include <bsd/readpassphrase.h>
#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char file_variable[] = "SPRINKLE_PASSWORD_FILE";

int password_ask(const char *user, char password[PASSWORD_SIZE], struct failure *failure)
{
	char prompt[128];

	(void)snprintf(prompt, sizeof(prompt), "Password of %s: ", user); /* cut is fine */
	if (readpassphrase(prompt, password, PASSWORD_SIZE, RPP_REQUIRE_TTY))
		return 0;
	return failure_set(failure, STATUS_USAGE,
			   "the password can't be asked for: %s\n"
			   "Without a terminal, put it into a file and name that in %s.",
			   strerror(errno), file_variable);
}

static int password_read(const char *path, char password[PASSWORD_SIZE], struct failure *failure)
{
	FILE *file = fopen(path, "re");

	if (!file)
		return failure_set(failure, STATUS_USAGE, "%s (of %s): %s", path, file_variable,
				   strerror(errno));
	char *line = fgets(password, PASSWORD_SIZE, file);
	(void)fclose(file); /* it was only read */
	if (!line)
		return failure_set(failure, STATUS_USAGE, "%s (of %s): no password in it", path,
				   file_variable);
	password[strcspn(password, "\r\n")] = '\0';
	return 0;
}

int identity_complete(struct identity *identity, const struct target *target,
		      struct failure *failure)
{
	const char *path = getenv(file_variable);
	int got = 0;

	if (identity->known)
		return 0;
	if (path && *path)
		got = password_read(path, identity->password, failure);
	else if (*target->password)
		(void)strlcpy(identity->password, target->password, PASSWORD_SIZE); /* same size */
	else
		got = password_ask(identity->user, identity->password, failure);
	identity->known = got == 0;
	return got;
}
