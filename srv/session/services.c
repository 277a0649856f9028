/*
 * services.c: the table of services.
 */
#include "session/services.h"

#include <stddef.h>
#include <string.h>
#include "session/session.h"

const struct service services[] = {
	{
		.name = "control",
		.meaning = "commands in lines, sprinkle-protocol(7)",
		.busy_format = "554 refused: %s\n",
		.authenticates = true,
		.serve = control_serve,
	},
	{
		.name = "legacy",
		.meaning = "the clients of the Python program, sprinkle-legacy(7)",
		.busy_format = "Rejected connection: %s\n",
		.authenticates = true,
		.nameless = true,
		.serve = legacy_serve,
	},
	{
		.name = "echo",
		.meaning = "answers each message with ECHO: and the message",
		.busy_format = "refused: %s\n",
		.serve = echo_serve,
	},
	{
		.name = "happy",
		.meaning = "says hello and closes",
		.busy_format = "refused: %s\n",
		.serve = happy_serve,
	},
	{.name = NULL},
};

void services_prepare(void)
{
	channel_signals_prepare();
}

const struct service *service_find(const char *name)
{
	for (const struct service *service = services; service->name; service++)
		if (strcmp(service->name, name) == 0)
			return service;
	return NULL;
}
