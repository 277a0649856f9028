/*
 * update_command.c: us. The update runs in a session of its own, so that one that restarts this
 * server isn't ended with it; its output is passed on as it comes.
 */
#include "session/run_commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "log/log.h"
#include "session/response.h"
#include "session/session.h"
#include "shell.h"

static pid_t update_start(const char *command, int *output)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDONLY);
		if (null == -1 || dup2(null, 0) == -1 || dup2(ends[1], 1) == -1 ||
		    dup2(ends[1], 2) == -1 || setsid() == -1)
			_exit(127);
		shell_exec(command);
		_exit(127);
	}
	close(ends[1]);
	if (pid == -1)
		close(ends[0]);
	else
		*output = ends[0];
	return pid;
}

static void line_pass(struct session *session, const char *line)
{
	if (session->json)
		response_object(session, REPLY_DONE, json_pack("{s:s}", "output", line));
	else
		response_line(session, REPLY_DONE, "%s", line);
	if (!session->wording)				/* its answers go out whole */
		(void)channel_flush(&session->channel); /* nobody listens? the update goes on */
}

void update_run(struct session *session, char *words[], size_t count)
{
	const char *command = session->start.settings->update_command;
	char line[1024];
	int output, status;

	(void)words, (void)count; /* no arguments, says the table */
	if (!command[0]) {
		response_end(session, REPLY_REFUSED, "no update_command is set");
		return;
	}
	log_info("us: %s", command);
	pid_t pid = update_start(command, &output);
	FILE *lines = pid == -1 ? NULL : fdopen(output, "r");
	if (!lines) {
		response_end(session, REPLY_FAILED, "%s: %s", command, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), lines)) {
		line[strcspn(line, "\n")] = '\0';
		line_pass(session, line);
	}
	fclose(lines);
	if (waitpid(pid, &status, 0) == -1 || status != 0)
		response_end(session, REPLY_FAILED, "%s: ended with status %d", command,
			     WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	else
		response_end(session, REPLY_DONE, "updated");
}
