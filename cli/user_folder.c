#include "user_folder.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
	const char *variable, *in_home;
} folders[] = {
	[USER_CONFIG] = {.variable = "XDG_CONFIG_HOME", .in_home = ".config"},
	[USER_STATE] = {.variable = "XDG_STATE_HOME", .in_home = ".local/state"},
};

bool user_folder_file(enum user_folder folder, const char *name, char path[PATH_MAX])
{
	const char *base = getenv(folders[folder].variable);
	const char *home = getenv("HOME");
	int length = -1;

	if (base && *base == '/')
		length = snprintf(path, PATH_MAX, "%s/sprinkle/%s", base, name);
	else if (home && *home)
		length = snprintf(path, PATH_MAX, "%s/%s/sprinkle/%s", home,
				  folders[folder].in_home, name);
	return length > 0 && length < PATH_MAX;
}

int user_folder_make(const char *path)
{
	char folder[PATH_MAX];

	if (strlcpy(folder, path, sizeof(folder)) >= sizeof(folder)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int made = mkdir(folder, 0700);
		*slash = '/';
		if (made == -1 && errno != EEXIST)
			return -1;
	}
	return 0;
}
