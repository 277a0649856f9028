/*
 * detach.c: becoming a daemon whose start-up can be seen to fail.
 */
#include "supervisor/detach.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "terminal.h"

static int ready_fd = -1;

static void __attribute__((noreturn)) first_process_wait(pid_t server, int fd)
{
	char byte;
	int status = 0;

	if (read(fd, &byte, 1) == 1)
		_exit(EXIT_SUCCESS);
	if (waitpid(server, &status, 0) == server && WIFEXITED(status) && WEXITSTATUS(status) != 0)
		_exit(WEXITSTATUS(status));
	_exit(EXIT_FAILURE);
}

int detach_begin(void)
{
	int ready[2];

	if (pipe2(ready, O_CLOEXEC) == -1)
		return -1;
	pid_t server = fork();
	if (server == -1)
		return -1;
	if (server > 0) {
		close(ready[1]);
		first_process_wait(server, ready[0]);
	}
	close(ready[0]);
	ready_fd = ready[1];
	if (setsid() == -1)
		return -1;
	return chdir("/");
}

void detach_finish(void)
{
	if (ready_fd == -1)
		return;
	(void)terminal_release();      /* failed: it stays, which is no reason to end */
	(void)!write(ready_fd, "", 1); /* the first process may have been killed meanwhile */
	close(ready_fd);
	ready_fd = -1;
}
