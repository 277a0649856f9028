/*
 * update_command.c: us. The clerk runs the update; its output is passed on as it comes.
 */
#include "session/run_commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "clerk/clerk_call.h"
#include "log/log.h"
#include "session/response.h"
#include "session/session.h"

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
	int end;

	(void)words, (void)count; /* no arguments, says the table */
	if (!command[0]) {
		response_end(session, REPLY_REFUSED, "no update_command is set");
		return;
	}
	log_info("us: %s", command);
	int output = clerk_update(session->start.clerk, session->start.slot, &end);
	FILE *lines = output == -1 ? NULL : fdopen(output, "r");
	if (!lines) {
		response_end(session, REPLY_FAILED, "%s: %s", command,
			     errno == EBUSY ? "an update is running already" : strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), lines)) {
		line[strcspn(line, "\n")] = '\0';
		line_pass(session, line);
	}
	fclose(lines);
	int status = clerk_update_end(end);
	if (status == -1)
		response_end(session, REPLY_FAILED, "%s: %s", command, strerror(errno));
	else if (status != 0)
		response_end(session, REPLY_FAILED, "%s: ended with status %d", command,
			     WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	else
		response_end(session, REPLY_DONE, "updated");
}
