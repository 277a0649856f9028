#include "known_hosts.h"

#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user_folder.h"

static const char file_name[] = "known_hosts";

/* Read "PLACE FINGERPRINT". Returns 1 when it is of that place, 0 when not, -1 when it is neither.
 */
static int line_read(char *line, const char *place, struct known_host *known)
{
	char *rest = line;
	const char *first = strtok_r(rest, " \t\r\n", &rest);

	if (!first || *first == '#')
		return 0;
	const char *fingerprint = strtok_r(rest, " \t\r\n", &rest);
	if (!fingerprint || strtok_r(rest, " \t\r\n", &rest) ||
	    strlcpy(known->fingerprint, fingerprint, FINGERPRINT_SIZE) >= FINGERPRINT_SIZE)
		return -1;
	return strcmp(first, place) == 0;
}

static int lines_search(FILE *file, const char *place, struct known_host *known,
			struct failure *failure)
{
	char *line = NULL;
	size_t size = 0;
	int found = 0;

	known->line = 0;
	while (found == 0 && getline(&line, &size, file) != -1) {
		known->line++;
		found = line_read(line, place, known);
	}
	free(line);
	if (found == -1)
		return failure_set(failure, STATUS_USAGE,
				   "%s:%u: two columns are needed: host:port and SHA256:...",
				   known->path, known->line);
	if (found == 0 && ferror(file))
		return failure_set(failure, STATUS_USAGE, "%s: %s", known->path, strerror(errno));
	return found;
}

int known_hosts_find(const char *place, struct known_host *known, struct failure *failure)
{
	if (!user_folder_file(USER_CONFIG, file_name, known->path))
		return 0;
	FILE *file = fopen(known->path, "re");
	if (!file && errno == ENOENT)
		return 0;
	if (!file)
		return failure_set(failure, STATUS_USAGE, "%s: %s", known->path, strerror(errno));
	int found = lines_search(file, place, known, failure);
	(void)fclose(file); /* it was only read */
	return found;
}

/* One write: a line is there whole or not at all, whoever else adds one. */
static int line_append(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	size_t length = strlen(line);

	if (fd == -1)
		return -1;
	errno = ENOSPC; /* what a short write means */
	int written = write(fd, line, length) == (ssize_t)length ? 0 : -1;
	int saved = errno;
	if (close(fd) == -1)
		return -1;
	errno = saved;
	return written;
}

int known_hosts_add(const char *place, const char *fingerprint, struct failure *failure)
{
	char path[PATH_MAX], line[1024];
	int length = snprintf(line, sizeof(line), "%s %s\n", place, fingerprint);

	if (!user_folder_file(USER_CONFIG, file_name, path))
		return failure_set(failure, STATUS_USAGE,
				   "there is no folder to remember a certificate in: HOME is not "
				   "set");
	if (length < 0 || (size_t)length >= sizeof(line)) /* target.h: a place is shorter */
		return failure_set(failure, STATUS_USAGE, "%s: too long to be remembered", place);
	if (user_folder_make(path) == -1 || line_append(path, line) == -1)
		return failure_set(failure, STATUS_USAGE, "%s: %s", path, strerror(errno));
	return 0;
}
