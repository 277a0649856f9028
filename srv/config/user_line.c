/* "name:role:hash": the only place that knows how a user is written down. */
#include <crypt.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "config/user_line.h"

_Static_assert(USER_HASH_SIZE >= CRYPT_OUTPUT_SIZE, "every hash of crypt(3) fits");

static const char *const role_names[] = {
	[ROLE_NONE] = "none",
	[ROLE_VIEWER] = "viewer",
	[ROLE_OPERATOR] = "operator",
	[ROLE_ADMIN] = "admin",
};

const char *role_name(enum role role)
{
	return role_names[role];
}

int role_parse(const char *name, enum role *role)
{
	for (enum role i = ROLE_VIEWER; i <= ROLE_ADMIN; i++) {
		if (strcmp(name, role_names[i]) == 0) {
			*role = i;
			return 0;
		}
	}
	errno = EINVAL;
	return -1;
}

bool user_name_valid(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < USER_NAME_SIZE &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
		       length;
}

bool users_mode_loose(unsigned mode)
{
	return (mode & (S_IWGRP | S_IRWXO)) != 0;
}

static int refuse(const char **why, const char *sentence)
{
	*why = sentence;
	errno = EINVAL;
	return -1;
}

/* The text up to the next colon, or to the end for the last field; false when it is too long. */
static bool field_take(const char **line, bool last, char *field, size_t size)
{
	size_t length = last ? strlen(*line) : strcspn(*line, ":");

	if (length >= size)
		return false;
	memcpy(field, *line, length);
	field[length] = '\0';
	*line += length;
	if (**line == ':')
		(*line)++;
	return true;
}

int user_line_parse(const char *line, struct user *user, const char **why)
{
	char role[16];

	*user = (struct user){0};
	if (line[strspn(line, " \t")] == '\0' || *line == '#')
		return 0;
	if (!field_take(&line, false, user->name, sizeof(user->name)) ||
	    !user_name_valid(user->name))
		return refuse(why, "a name has 1 to 32 letters, digits, '.', '_' and '-'");
	if (!field_take(&line, false, role, sizeof(role)) || role_parse(role, &user->role) == -1)
		return refuse(why, "after the name stands :viewer:, :operator: or :admin:");
	if (!field_take(&line, true, user->hash, sizeof(user->hash)) ||
	    crypt_checksalt(user->hash) != CRYPT_SALT_OK)
		return refuse(why,
			      "the hash is none that crypt(3) trusts; sprinkled-passwd makes one");
	return 1;
}
