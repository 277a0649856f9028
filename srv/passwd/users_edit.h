#ifndef PASSWD_USERS_EDIT_H
#define PASSWD_USERS_EDIT_H

#include <stddef.h>
#include <sys/types.h>
#include "config/user_line.h"

/*
 * Changes to the users file. It is written anew beside the old one and renamed, so that a reader
 * sees wholly old or wholly new users; writers wait for each other by a lock on the folder. Other
 * lines, comments too, stay as they are. A file that users_verify refuses is not touched.
 */

/*
 * Set name's line, in its old place or at the end; a file made for it has mode 0640 and that group
 * ((gid_t)-1: the process's). Returns 0, or -1 with errno and a sentence in why.
 */
int users_set(const char *path, const struct user *, gid_t group, char *why, size_t size);

/* Remove name's line: 0, or -1 as above; ENOENT there is no such user or no file. */
int users_remove(const char *path, const char *name, char *why, size_t size);

#endif
