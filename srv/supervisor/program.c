/*
 * program.c: finding and executing the server's other programs.
 */
#include "supervisor/program.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_SIZE = 32 };

static const char *const names[PROGRAMS] = {
	[PROGRAM_KEEPER] = "sprinkled-keeper",
	[PROGRAM_TLS] = "sprinkled-tls",
};

static int opened[PROGRAMS] = {-1, -1};

const char *program_name(enum program program)
{
	return names[program];
}

int program_open(enum program program)
{
	char self[PATH_MAX], path[PATH_MAX + NAME_SIZE];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (opened[program] != -1)
		return 0;
	if (length > 0) {
		self[length] = '\0';
		snprintf(path, sizeof(path), "%s/%s", dirname(self), names[program]);
		opened[program] = open(path, O_PATH | O_CLOEXEC);
	}
	if (opened[program] == -1) {
		snprintf(path, sizeof(path), "%s/%s", SPRINKLED_LIBEXECDIR, names[program]);
		opened[program] = open(path, O_PATH | O_CLOEXEC);
	}
	return opened[program] == -1 ? -1 : 0;
}

int program_exec(enum program program, char *const arguments[], const int descriptors[],
		 size_t count)
{
	extern char **environ;

	for (size_t i = 0; i < count; i++)
		if (fcntl(descriptors[i], F_SETFD, 0) == -1)
			return -1;
	return fexecve(opened[program], arguments, environ);
}

/* Until the program's end of the pipe is closed, which its end does. */
static int status_wait(pid_t pid, int life, int limit_ms)
{
	struct pollfd end = {.fd = life};
	int status;
	bool late = poll(&end, 1, limit_ms) != 1;

	if (late)
		kill(pid, SIGKILL); /* our own child, not yet reaped */
	if (waitpid(pid, &status, 0) == -1)
		return -1;
	if (late) {
		errno = ETIMEDOUT;
		return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void __attribute__((noreturn))
run_main(enum program program, const char *mode, const int descriptors[], size_t count)
{
	char numbers[PROGRAM_DESCRIPTORS_MAX][16];
	char *arguments[PROGRAM_DESCRIPTORS_MAX + 3] = {strdup(names[program]), strdup(mode)};
	sigset_t none;

	for (size_t i = 0; i < count; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%d", descriptors[i]);
		arguments[2 + i] = numbers[i];
	}
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* only a bad first argument fails */
	program_exec(program, arguments, descriptors, count);
	_exit(127);
}

int program_run(enum program program, const char *mode, const int descriptors[], size_t count,
		int limit_ms)
{
	int life[2];

	if (pipe2(life, O_CLOEXEC) == -1)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		if (fcntl(life[1], F_SETFD, 0) == -1) /* held until the program ends */
			_exit(127);
		run_main(program, mode, descriptors, count);
	}
	close(life[1]);
	int status = pid == -1 ? -1 : status_wait(pid, life[0], limit_ms);
	int saved = errno;
	close(life[0]);
	errno = saved;
	return status;
}
