#ifndef SUPERVISOR_ACCOUNTS_H
#define SUPERVISOR_ACCOUNTS_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Users and groups by name, wherever the machine keeps them. Each look-up is a run of getent(1):
 * name services are libraries, which would stay mapped in the process that asks and be copied by
 * every fork, and which a static program can't load. So only at the start.
 */

struct account {
	uid_t uid;
	gid_t gid;
};

/*
 * 0, or -1 with errno: ENOENT there is no such user, EPROTO getent failed, ENOPKG there is no
 * getent; or the system's.
 */
int account_find(const char *user, struct account *);

/* The group's number; errors as above. */
int account_group(const char *group, gid_t *);

/* The user's supplementary groups: how many; -1 with errno as above, E2BIG there are more. */
ssize_t account_groups(const char *user, gid_t groups[], size_t max);

#endif
