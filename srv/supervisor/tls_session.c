/*
 * tls_session.c: from a forked child to a session inside TLS, which is a program of its own.
 */
#include "supervisor/tls_session.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "log/log.h"
#include "session/handover.h"
#include "state/requests.h"
#include "supervisor/memory_file.h"
#include "supervisor/program.h"

void tls_session_become(struct supervisor *supervisor, const struct service *service,
			const struct session_start *start)
{
	struct handover handover = {
		.start = *start,
		.peer = *start->peer,
		.segment = segment_descriptor(supervisor->segment),
		.wake = requests_descriptor(supervisor->segment),
		.certificate = supervisor->credentials.certificate,
		.key = supervisor->credentials.key,
		.foreground = supervisor->options->foreground,
	};
	char number[16], mode[] = "serve";

	strlcpy(handover.service, service->name, sizeof(handover.service));
	int file = memory_file_make("sprinkled-session", &handover, sizeof(handover));
	const int descriptors[] = {file,	  start->socket,	handover.segment,
				   handover.wake, handover.certificate, handover.key,
				   start->clerk};
	snprintf(number, sizeof(number), "%d", file);
	char *arguments[] = {strdup(program_name(PROGRAM_TLS)), mode, number, NULL};
	if (file != -1 && arguments[0])
		program_exec(PROGRAM_TLS, arguments, descriptors,
			     sizeof(descriptors) / sizeof(descriptors[0]));
	log_error("sprinkled-tls can't be executed: %s", strerror(errno));
	_exit(EXIT_FAILURE);
}
