#ifndef CONFIG_USER_LINE_H
#define CONFIG_USER_LINE_H

#include "config/users.h"

/* One line of the users file, as the server and sprinkled-passwd(8) both read it. */

#define USER_HASH_SIZE 384 /* CRYPT_OUTPUT_SIZE of crypt(3) */

struct user {
	char name[USER_NAME_SIZE];
	enum role role;
	char hash[USER_HASH_SIZE];
};

/*
 * Read a line without its end. Returns 1 and *user; 0 for a blank line or a comment; or -1 with
 * errno EINVAL and *why, a constant sentence.
 */
int user_line_parse(const char *line, struct user *, const char **why);

/* Letters, digits, '.', '_' and '-'; 1 to USER_NAME_SIZE - 1 of them. */
bool user_name_valid(const char *name);

/* May others than owner and group read a file of that mode, or others than the owner write it? */
bool users_mode_loose(unsigned mode);

#endif
