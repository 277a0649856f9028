#ifndef SUPERVISOR_PRIVILEGES_H
#define SUPERVISOR_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "config/settings.h"

enum { GROUPS_MAX = 64 };

/* Who the server is, once what needs root has been opened. */
struct identity {
	bool drop; /* started as root, and a user is set */
	uid_t uid; /* ours from then on */
	gid_t gid;
	gid_t operators; /* members are operators on the Unix socket; -1 there is no such group */
	gid_t groups[GROUPS_MAX]; /* supplementary */
	size_t group_count;
};

/* Look the settings' names up. 0, or -1 with a sentence in error. */
int identity_find(const struct settings *, struct identity *, char *error, size_t size);

/* Make run_dir and state_dir where they are missing and give them to that identity; as above. */
int directories_prepare(const struct settings *, const struct identity *, char *error, size_t size);

/* Become it, for good, with its supplementary groups. 0, or -1 with errno. */
int privileges_drop(const struct identity *);

#endif
