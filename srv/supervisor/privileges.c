/*
 * privileges.c: from root to the server's own user.
 */
#include "supervisor/privileges.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "supervisor/accounts.h"

enum { DIRECTORY_MODE = 0755 };
#define OPERATOR_GROUP "sprinkled"

/* The operators' group need not exist, unless the settings name it. */
static int group_find(const struct settings *settings, struct identity *identity, char *error,
		      size_t size)
{
	const char *name = settings->group[0] ? settings->group : OPERATOR_GROUP;

	if (account_group(name, &identity->operators) == 0)
		return 0;
	identity->operators = (gid_t)-1;
	if (!settings->group[0] && (errno == ENOENT || errno == ENOPKG))
		return 0; /* the least of systems have no name services, and so no such group */
	if (errno == ENOENT)
		snprintf(error, size,
			 "group: there is no group %s; make it or leave the setting out", name);
	else
		snprintf(error, size, "group %s: getent: %s", name, strerror(errno));
	return -1;
}

static int user_find(const struct settings *settings, struct identity *identity, char *error,
		     size_t size)
{
	struct account account;
	ssize_t groups = -1;

	if (account_find(settings->user, &account) == 0)
		groups = account_groups(settings->user, identity->groups, GROUPS_MAX);
	if (groups == -1 && errno == ENOENT)
		snprintf(error, size,
			 "user: there is no user %s; make it (adduser --system --group %s) or "
			 "set user: '' to go on as root",
			 settings->user, settings->user);
	else if (groups == -1)
		snprintf(error, size, "user %s: getent: %s", settings->user, strerror(errno));
	if (groups == -1)
		return -1;
	identity->uid = account.uid;
	identity->gid = settings->group[0] ? identity->operators : account.gid;
	identity->group_count = (size_t)groups;
	return 0;
}

int identity_find(const struct settings *settings, struct identity *identity, char *error,
		  size_t size)
{
	*identity = (struct identity){
		.drop = geteuid() == 0 && settings->user[0],
		.uid = geteuid(),
		.gid = getegid(),
	};
	if (group_find(settings, identity, error, size) == -1)
		return -1;
	return identity->drop ? user_find(settings, identity, error, size) : 0;
}

static int directory_prepare(const char *path, const struct identity *identity)
{
	struct stat status;

	if (mkdir(path, DIRECTORY_MODE) == -1 && errno != EEXIST)
		return -1;
	if (stat(path, &status) == -1)
		return -1;
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return -1;
	}
	return identity->drop ? chown(path, identity->uid, identity->gid) : 0;
}

int directories_prepare(const struct settings *settings, const struct identity *identity,
			char *error, size_t size)
{
	if (directory_prepare(settings->run_dir, identity) == -1) {
		snprintf(error, size, "run_dir %s: %s", settings->run_dir, strerror(errno));
		return -1;
	}
	if (directory_prepare(settings->state_dir, identity) == -1) {
		snprintf(error, size, "state_dir %s: %s", settings->state_dir, strerror(errno));
		return -1;
	}
	return 0;
}

int privileges_drop(const struct identity *identity)
{
	const struct rlimit no_core = {0, 0}; /* passwords are in sessions' memory for a moment */

	if (setrlimit(RLIMIT_CORE, &no_core) == -1)
		return -1;
	if (!identity->drop)
		return prctl(PR_SET_DUMPABLE, 0);
	if (setgroups(identity->group_count, identity->groups) == -1 ||
	    setresgid(identity->gid, identity->gid, identity->gid) == -1 ||
	    setresuid(identity->uid, identity->uid, identity->uid) == -1)
		return -1;
	return prctl(PR_SET_DUMPABLE, 0); /* nor read by ptrace(2) of others of that user */
}
