#include "hosts_file.h"

#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "user_folder.h"

static const char system_file[] = "/etc/sprinkle/hosts";

enum { COLUMNS = 5 };

/* Open the user's own file or else the system's; NULL with errno ENOENT when there is neither. */
static FILE *file_open(char path[PATH_MAX])
{
	if (user_folder_file(USER_CONFIG, "hosts", path)) {
		FILE *file = fopen(path, "re");
		if (file || errno != ENOENT)
			return file;
	}
	(void)strlcpy(path, system_file, PATH_MAX); /* it fits */
	return fopen(path, "re");
}

/* Copy a column; "-" means it is not known. False: too long. */
static bool column_copy(char to[HOST_COLUMN_SIZE], const char *column)
{
	if (strcmp(column, "-") == 0)
		column = "";
	return strlcpy(to, column, HOST_COLUMN_SIZE) < HOST_COLUMN_SIZE;
}

/* Cut line into its columns, up to a comment. Returns how many, at most COLUMNS + 1. */
static int line_cut(char *line, char *columns[COLUMNS + 1])
{
	int count = 0;
	char *rest = line;

	for (char *word; count <= COLUMNS && (word = strtok_r(rest, " \t\r\n", &rest));) {
		if (*word == '#')
			break;
		columns[count++] = word;
	}
	return count;
}

/* One line of the file. Returns 1 a host, 0 nothing stands there, -1 with *failure. */
static int line_read(char *line, struct host *host, const char *where, struct failure *failure)
{
	char *columns[COLUMNS + 1];
	const char *wrong = NULL;
	int count = line_cut(line, columns);

	if (count == 0)
		return 0;
	if (count != COLUMNS)
		return failure_set(failure, STATUS_USAGE,
				   "%s: five columns are needed: name, port, LAN address, router "
				   "address, password (- for none)",
				   where);
	if (!column_copy(host->name, columns[0]) || !column_copy(host->lan, columns[2]) ||
	    !column_copy(host->router, columns[3]) || !column_copy(host->password, columns[4]) ||
	    !column_copy(host->port, columns[1]))
		return failure_set(failure, STATUS_USAGE, "%s: a column is longer than %d bytes",
				   where, HOST_COLUMN_SIZE - 1);
	if (*host->port)
		(void)strtonum(host->port, 1, 65535, &wrong); /* the text is what is used */
	if (wrong)
		return failure_set(failure, STATUS_USAGE,
				   "%s: the port %s is %s; 1 to 65535 is right", where, host->port,
				   wrong);
	return 1;
}

/* A password that others can read is none; say how to close the file. */
static int secrecy_check(FILE *file, const char *path, struct failure *failure)
{
	struct stat status;

	if (fstat(fileno(file), &status) == -1)
		return failure_set(failure, STATUS_USAGE, "%s: %s", path, strerror(errno));
	if (status.st_mode & (S_IRGRP | S_IROTH))
		return failure_set(failure, STATUS_USAGE,
				   "%s holds passwords and others can read it; refused\n"
				   "Close it to them with: chmod 600 %s",
				   path, path);
	return 0;
}

/* Look for the line of that name; every line before it is checked, too. */
static int lines_search(FILE *file, const char *path, const char *name, struct host *host,
			struct failure *failure)
{
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	bool has_passwords = false;
	int found = 0;

	while (found == 0 && getline(&line, &size, file) != -1) {
		char where[PATH_MAX + 16];
		(void)snprintf(where, sizeof(where), "%s:%u", path, ++number); /* it fits */
		found = line_read(line, host, where, failure);
		has_passwords |= found == 1 && *host->password;
		if (found == 1 && name && strcmp(host->name, name) != 0)
			found = 0;
	}
	if (found == 0 && ferror(file))
		found = failure_set(failure, STATUS_USAGE, "%s: %s", path, strerror(errno));
	if (found == 1 && has_passwords && secrecy_check(file, path, failure) == -1)
		found = -1;
	if (line)
		explicit_bzero(line, size); /* it may have held a password */
	free(line);
	return found;
}

int hosts_file_find(const char *name, struct host *host, struct failure *failure)
{
	char path[PATH_MAX];
	FILE *file = file_open(path);

	if (!file && errno == ENOENT)
		return 0;
	if (!file)
		return failure_set(failure, STATUS_USAGE, "%s: %s", path, strerror(errno));
	int found = lines_search(file, path, name, host, failure);
	(void)fclose(file); /* it was only read */
	return found;
}
