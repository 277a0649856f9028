/*
 * keeper_program.c: finding and executing sprinkled-keeper.
 */
#include "supervisor/keeper_program.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEEPER_NAME "sprinkled-keeper"

static int program_fd = -1;

int keeper_program_open(void)
{
	char self[PATH_MAX], beside[PATH_MAX + sizeof(KEEPER_NAME) + 1];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length > 0) {
		self[length] = '\0';
		snprintf(beside, sizeof(beside), "%s/%s", dirname(self), KEEPER_NAME);
		program_fd = open(beside, O_PATH | O_CLOEXEC);
	}
	if (program_fd == -1)
		program_fd = open(SPRINKLED_LIBEXECDIR "/" KEEPER_NAME, O_PATH | O_CLOEXEC);
	return program_fd == -1 ? -1 : 0;
}

int keeper_program_exec(char *const arguments[], const int descriptors[], size_t count)
{
	extern char **environ;

	for (size_t i = 0; i < count; i++)
		if (fcntl(descriptors[i], F_SETFD, 0) == -1)
			return -1;
	return fexecve(program_fd, arguments, environ);
}

int keeper_settings_file(const struct settings *settings)
{
	int fd = memfd_create("sprinkled-settings", MFD_CLOEXEC);

	if (fd == -1)
		return -1;
	if (pwrite(fd, settings, sizeof(*settings), 0) == (ssize_t)sizeof(*settings))
		return fd;
	close(fd);
	errno = ENOSPC;
	return -1;
}

static int status_wait(pid_t pid, int limit_ms)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	int status, late = 0;

	if (pidfd == -1 || poll(&end, 1, limit_ms) == 0) {
		kill(pid, SIGKILL); /* our own child, not yet reaped */
		late = 1;
	}
	if (pidfd != -1)
		close(pidfd);
	if (waitpid(pid, &status, 0) == -1)
		return -1;
	if (late) {
		errno = ETIMEDOUT;
		return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int keeper_program_run(const char *mode, const struct settings *settings, int limit_ms)
{
	char number[16];
	int fd = keeper_settings_file(settings);

	if (fd == -1)
		return -1;
	snprintf(number, sizeof(number), "%d", fd);
	pid_t pid = fork();
	if (pid == 0) {
		sigset_t none;
		sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL); /* only a bad first argument fails */
		char *arguments[] = {(char[]){KEEPER_NAME}, strdup(mode), number, NULL};
		keeper_program_exec(arguments, &fd, 1);
		_exit(127);
	}
	close(fd);
	return pid == -1 ? -1 : status_wait(pid, limit_ms);
}
