#ifndef CONFIG_USERS_H
#define CONFIG_USERS_H

#include <stdbool.h>
#include <stddef.h>

/* The users file: lines "name:role:hash", hash by crypt(3). '#' starts a comment line. */

/* What a client may do; each role may do all that the ones before it may. */
enum role { ROLE_NONE, ROLE_VIEWER, ROLE_OPERATOR, ROLE_ADMIN };

#define USER_NAME_SIZE 33

const char *role_name(enum role);	       /* "none", "viewer", "operator", "admin" */
int role_parse(const char *name, enum role *); /* all but "none"; 0, or -1 with errno EINVAL */

/*
 * Check a password against the file at path. The work is the same for an unknown name.
 * Returns 0 and *role, or -1 with errno: EACCES wrong name or password, ENOENT no such file, or
 * the system's when the file can't be read.
 */
int users_check(const char *path, const char *name, const char *password, enum role *role);

/* Does the file exist? Errors other than absence count as existing: never open by mistake. */
bool users_exist(const char *path);

/*
 * Is every line of the file well formed, each name there once, and the file's mode 0640 or
 * stricter? 0, or -1 with errno and a sentence "FILE:LINE: …" in why.
 */
int users_verify(const char *path, char *why, size_t size);

#endif
