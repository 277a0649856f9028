/*
 * accounts.c: what getent(1) says. Its lines are those of passwd(5) and group(5); initgroups gives
 * the name and then numbers, apart by blanks.
 */
#include "supervisor/accounts.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	LINE_SIZE = 1024, /* what is looked at; the members of a large group are not */
	FIELDS = 4,	  /* name, password, uid, gid; of a group name, password, gid */
	GETENT_NO_KEY = 2,
};

/* Read to the end: line gets what fits into it, the rest is dropped. 0, or -1 with errno. */
static int line_read(int fd, char line[LINE_SIZE])
{
	char rest[LINE_SIZE];
	size_t length = 0;
	ssize_t count;

	for (;;) {
		size_t room = LINE_SIZE - 1 - length;
		count = read(fd, room > 0 ? line + length : rest, room > 0 ? room : sizeof(rest));
		if (count <= 0)
			break;
		length += room > 0 ? (size_t)count : 0;
	}
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return count == 0 ? 0 : -1;
}

static int getent_spawn(const char *database, const char *name, int output, pid_t *pid)
{
	extern char **environ;
	char *arguments[] = {(char[]){"getent"}, strdup(database), (char[]){"--"}, strdup(name),
			     NULL};
	posix_spawn_file_actions_t actions;
	int error = arguments[1] && arguments[3] ? posix_spawn_file_actions_init(&actions) : ENOMEM;

	if (error == 0) {
		error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
		if (error == 0)
			error = posix_spawnp(pid, "getent", &actions, NULL, arguments, environ);
		posix_spawn_file_actions_destroy(&actions); /* cannot fail: it was made */
	}
	free(arguments[1]);
	free(arguments[3]);
	errno = error == ENOENT ? ENOPKG : error; /* ENOENT is for what is looked up */
	return error == 0 ? 0 : -1;
}

/* The one line of the answer. 0, or -1 with errno as the header says. */
static int getent_ask(const char *database, const char *name, char line[LINE_SIZE])
{
	int ends[2], status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	int asked = getent_spawn(database, name, ends[1], &pid);
	close(ends[1]);
	if (asked == 0 && line_read(ends[0], line) == -1)
		line[0] = '\0'; /* as if nothing had come: its status is still to be had */
	int saved = errno;
	close(ends[0]);
	errno = saved;
	if (asked == -1 || waitpid(pid, &status, 0) == -1)
		return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && line[0] != '\0')
		return 0;
	errno = WIFEXITED(status) && WEXITSTATUS(status) == GETENT_NO_KEY ? ENOENT : EPROTO;
	return -1;
}

/* uid_t and gid_t are both 32 bits wide; the highest value means none. */
static int number_read(const char *text, uint32_t *number)
{
	const char *error;
	long long value = strtonum(text ? text : "", 0, UINT32_MAX - 1, &error);

	if (error) {
		errno = EPROTO;
		return -1;
	}
	*number = (uint32_t)value;
	return 0;
}

static void fields_split(char *line, char *fields[FIELDS])
{
	for (int i = 0; i < FIELDS; i++)
		fields[i] = strsep(&line, ":");
}

int account_find(const char *user, struct account *account)
{
	char line[LINE_SIZE], *fields[FIELDS];

	if (getent_ask("passwd", user, line) == -1)
		return -1;
	fields_split(line, fields);
	return number_read(fields[2], &account->uid) == 0 ? number_read(fields[3], &account->gid)
							  : -1;
}

int account_group(const char *group, gid_t *gid)
{
	char line[LINE_SIZE], *fields[FIELDS];

	if (getent_ask("group", group, line) == -1)
		return -1;
	fields_split(line, fields);
	return number_read(fields[2], gid);
}

ssize_t account_groups(const char *user, gid_t groups[], size_t max)
{
	char line[LINE_SIZE], *rest = line, *word;
	size_t count = 0;

	if (getent_ask("initgroups", user, line) == -1)
		return -1;
	(void)strsep(&rest, " "); /* the name */
	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		if (count == max) {
			errno = E2BIG;
			return -1;
		}
		if (number_read(word, &groups[count++]) == -1)
			return -1;
	}
	return (ssize_t)count;
}
