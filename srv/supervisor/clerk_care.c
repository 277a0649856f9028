/*
 * clerk_care.c: the clerk's life. Invariant: while the server runs, either a clerk runs or the
 * moment of the next start is set. What sessions ask meanwhile waits in the socket.
 */
#include "supervisor/supervisor.h"

#include <bsd/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "clerk/clerk.h"
#include "clock.h"
#include "log/log.h"
#include "process_end.h"
#include "state/clerk_pid.h"
#include "state/slots.h"

enum { RESTART_DELAY_MS = 1000, SEND_LIMIT_MS = 1000 };

int clerk_prepare(struct supervisor *supervisor)
{
	const struct timeval limit = {.tv_sec = SEND_LIMIT_MS / 1000};
	const int on = 1;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		return -1;
	supervisor->clerk_call = ends[0];
	supervisor->clerk_desk = ends[1];
	if (setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == -1)
		return -1;
	return setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
}

/* The child's side of fork: as a session, it lets go of what is the supervisor's. */
static void __attribute__((noreturn)) clerk_main(struct supervisor *supervisor, pid_t group)
{
	if (worker_begin(group, supervisor->pid) == -1)
		_exit(EXIT_FAILURE);
	closefrom(supervisor->signal_fd);
	close(supervisor->pid_file_fd); /* a copy would hold its lock beyond the server's death */
	close(supervisor->clerk_call);
	setproctitle("clerk");
	log_role("clerk", NULL);

	struct clerk_start start = {
		.socket = supervisor->clerk_desk,
		.segment = supervisor->segment,
		.settings = &supervisor->settings,
	};
	process_end(clerk_serve(&start));
}

void clerk_start(struct supervisor *supervisor)
{
	pid_t group = workers_group(supervisor->workers);
	pid_t pid = fork();

	supervisor->clerk_again_ms = -1;
	if (pid == 0)
		clerk_main(supervisor, group);
	if (pid == -1) {
		if (!supervisor->clerk_wait_logged)
			log_error("the clerk can't be started: %s; trying again", strerror(errno));
		supervisor->clerk_wait_logged = true;
		supervisor->clerk_again_ms = clock_monotonic_ms() + RESTART_DELAY_MS;
		return;
	}
	struct worker worker = {
		.pid = pid, .kind = WORKER_CLERK, .slot = SLOT_NONE, .source = SOURCE_NONE};
	worker_add(supervisor->workers, &worker);
	supervisor->clerk = pid;
	supervisor->clerk_wait_logged = false;
	clerk_pid_publish(supervisor->segment, pid);
}

void clerk_died(struct supervisor *supervisor, int status)
{
	supervisor->clerk = 0;
	clerk_pid_publish(supervisor->segment, 0);
	if (!supervisor->ending) /* one that was told to end, at a reload, is followed at once */
		supervisor->clerk_again_ms =
			clock_monotonic_ms() + (status == 0 ? 0 : RESTART_DELAY_MS);
}

void clerk_renew(struct supervisor *supervisor)
{
	if (supervisor->clerk > 0)
		kill(supervisor->clerk, SIGTERM); /* not yet reaped: the pid is its own */
}
