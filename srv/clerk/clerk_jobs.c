/*
 * clerk_jobs.c: opening, checking, running. An answer that can't be sent has nobody waiting for it.
 */
#include "clerk/clerk_jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "descriptor_pass.h"
#include "log/log.h"
#include "log/run_log.h"
#include "shell.h"

static void answer_send(int reply, const struct clerk_answer *answer, int descriptor)
{
	(void)descriptor_send(reply, answer, sizeof(*answer), descriptor); /* see above */
}

void clerk_answer_error(int reply, int error)
{
	answer_send(reply, &(struct clerk_answer){.error = error}, -1);
}

static const char temperature_path[] = "/sys/class/thermal/thermal_zone0/temp";
static const char throttled_path[] = "/sys/devices/platform/soc/soc:firmware/get_throttled";

/* The path of a file in the state_dir, or one of the system's. */
static void file_path(const char *state_dir, uint32_t file, char *path, size_t size)
{
	switch (file) {
	case CLERK_EVENTS:
		snprintf(path, size, "%s/%s", state_dir, log_file_name(LOG_EVENTS));
		break;
	case CLERK_ERRORS:
		snprintf(path, size, "%s/%s", state_dir, log_file_name(LOG_ERRORS));
		break;
	case CLERK_RUNS:
		snprintf(path, size, "%s/%s", state_dir, RUN_LOG_NAME);
		break;
	case CLERK_TEMPERATURE:
		snprintf(path, size, "%s", temperature_path);
		break;
	default:
		snprintf(path, size, "%s", throttled_path);
		break;
	}
}

void clerk_file_open(const struct clerk_start *start, const struct clerk_request *request,
		     int reply)
{
	char path[PATH_MAX + 16];

	file_path(start->settings->state_dir, request->file, path, sizeof(path));
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (file == -1) {
		clerk_answer_error(reply, errno);
		return;
	}
	answer_send(reply, &(struct clerk_answer){0}, file);
	close(file);
}

void clerk_password_check(const struct clerk_start *start, const struct clerk_request *request,
			  int reply)
{
	const char *path = start->settings->users_file;
	enum role role = ROLE_NONE;

	if (users_check(path, request->name, request->password, &role) == 0) {
		answer_send(reply, &(struct clerk_answer){.role = (int32_t)role}, -1);
		return;
	}
	if (errno != EACCES && errno != ENOENT)
		log_error("%s: %s", path, strerror(errno));
	clerk_answer_error(reply, errno);
}

/* The update, in a session of its own, so that one that restarts this server isn't ended with it.
 */
static void __attribute__((noreturn)) update_main(const char *command, int output)
{
	int null = open("/dev/null", O_RDONLY);

	if (null != -1 && dup2(null, 0) != -1 && dup2(output, 1) != -1 && dup2(output, 2) != -1 &&
	    setsid() != -1)
		(void)shell_exec(command); /* it returns only when it has failed */
	_exit(127);
}

void clerk_update_run(const struct clerk_start *start, const struct clerk_request *request,
		      int reply)
{
	int ends[2], status;

	(void)request; /* which command that is was never the client's to say */
	if (pipe2(ends, O_CLOEXEC) == -1) {
		clerk_answer_error(reply, errno);
		return;
	}
	pid_t pid = fork();
	if (pid == 0)
		update_main(start->settings->update_command, ends[1]);
	int error = errno;
	close(ends[1]);
	if (pid == -1)
		clerk_answer_error(reply, error);
	else
		answer_send(reply, &(struct clerk_answer){0}, ends[0]);
	close(ends[0]);
	if (pid == -1)
		return;
	if (waitpid(pid, &status, 0) == -1)
		clerk_answer_error(reply, errno);
	else
		answer_send(reply, &(struct clerk_answer){.status = status}, -1);
}
