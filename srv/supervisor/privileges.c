/*
 * privileges.c: from root to the server's own user.
 */
#include "supervisor/privileges.h"

#include <bsd/string.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRECTORY_MODE = 0755 };
#define OPERATOR_GROUP "sprinkled"

int identity_find(const struct settings *settings, struct identity *identity, char *error,
		  size_t size)
{
	const char *group_name = settings->group[0] ? settings->group : OPERATOR_GROUP;
	struct group *group = getgrnam(group_name);

	*identity = (struct identity){
		.drop = geteuid() == 0 && settings->user[0],
		.uid = geteuid(),
		.gid = getegid(),
		.operators = group ? group->gr_gid : (gid_t)-1,
	};
	if (settings->group[0] && !group) {
		snprintf(error, size,
			 "group: there is no group %s; make it or leave the setting out",
			 settings->group);
		return -1;
	}
	if (!identity->drop)
		return 0;
	struct passwd *user = getpwnam(settings->user);
	if (!user) {
		snprintf(error, size,
			 "user: there is no user %s; make it (adduser --system --group %s) or "
			 "set user: '' to go on as root",
			 settings->user, settings->user);
		return -1;
	}
	strlcpy(identity->user, settings->user, sizeof(identity->user));
	identity->uid = user->pw_uid;
	identity->gid = settings->group[0] ? group->gr_gid : user->pw_gid;
	return 0;
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
		return 0;
	if (initgroups(identity->user, identity->gid) == -1 ||
	    setresgid(identity->gid, identity->gid, identity->gid) == -1 ||
	    setresuid(identity->uid, identity->uid, identity->uid) == -1)
		return -1;
	return 0;
}
