/*
 * The runner's state on disk. A file that is not right to the letter is set aside whole, rather
 * than trusted in part.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config/whole_file.h"
#include "keeper/memory.h"
#include "keeper/memory_lines.h"

#define FILE_NAME    "schedule.state"
#define NEW_NAME     "schedule.state.new"
#define DAMAGED_NAME "schedule.state.damaged"

/* Write and sync a file in folder. 0, or -1 with errno. */
static int file_write(int folder, const char *name, const char *bytes, size_t length)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int saved_errno;

	if (fd == -1)
		return -1;
	if (whole_file_write(fd, bytes, length) == -1 || fsync(fd) == -1) {
		saved_errno = errno;
		(void)close(fd); /* the first error is the one to tell */
		errno = saved_errno;
		return -1;
	}
	return close(fd);
}

int memory_save(const char *state_dir, const char *text, size_t length)
{
	int folder = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = -1, saved_errno;

	if (folder != -1 && file_write(folder, NEW_NAME, text, length) == 0 &&
	    renameat(folder, NEW_NAME, folder, FILE_NAME) == 0 && fsync(folder) == 0)
		result = 0;
	saved_errno = errno;
	if (folder != -1)
		(void)close(folder); /* only read */
	errno = saved_errno;
	return result;
}

/* Put the damaged file out of the way and say so. */
static void set_aside(const char *path, const char *state_dir, unsigned line, char *message,
		      size_t size)
{
	char aside[PATH_MAX];
	bool moved;

	(void)snprintf(aside, sizeof(aside), "%s/" DAMAGED_NAME, state_dir); /* fits as path did */
	moved = rename(path, aside) == 0;
	/* A message that is cut still helps. */
	(void)snprintf(
		message, size, "%s:%u: damaged; %s%s; nothing is remembered", path, line,
		moved ? "set aside as " : "can't be set aside: ", moved ? aside : strerror(errno));
}

int memory_load(const char *state_dir, struct runner_state *state, char *message, size_t size)
{
	char path[PATH_MAX];
	size_t length;
	char *text;
	unsigned line;
	int result = 0;

	runner_state_init(state);
	if ((size_t)snprintf(path, sizeof(path), "%s/" FILE_NAME, state_dir) +
		    strlen(DAMAGED_NAME) >=
	    sizeof(path)) {
		(void)snprintf(message, size, "%s: %s", state_dir, strerror(ENAMETOOLONG));
		return -1;
	}
	text = whole_file_read(path, &length);
	if (!text && errno == ENOENT)
		return 1;
	if (!text) {
		(void)snprintf(message, size, "%s: %s; nothing is remembered", path,
			       strerror(errno));
		return -1;
	}
	line = memory_parse(text, length, state);
	if (line > 0) {
		runner_state_init(state);
		set_aside(path, state_dir, line, message, size);
		result = -1;
	}
	free(text);
	return result;
}
