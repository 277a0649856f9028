/*
 * server_commands.c: the commands about the conversation and the server itself.
 */
#include "session/run_commands.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "log/log.h"
#include "session/response.h"
#include "session/session.h"
#include "state/shutdown.h"

void menu_show(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	for (int group = 0; group < COMMAND_GROUPS; group++) {
		const char *name = command_group_name((enum command_group)group);
		if (!session->json)
			response_line(session, REPLY_DONE, " === %-5s COMMANDS === ", name);
		for (size_t i = 0; i < command_count; i++) {
			if ((int)commands[i].group != group ||
			    command_objection(session, &commands[i]))
				continue;
			if (session->json)
				response_object(session, REPLY_DONE,
						json_pack("{s:s,s:s,s:s}", "group", name, "name",
							  commands[i].name, "title",
							  commands[i].title));
			else
				response_line(session, REPLY_DONE, " %-4s - %s", commands[i].name,
					      commands[i].title);
		}
	}
	response_end(session, REPLY_DONE, "%zu commands", command_count);
}

static void command_describe(struct session *session, const struct command *command)
{
	if (session->json)
		response_object(
			session, REPLY_DONE,
			json_pack("{s:s,s:s?,s:s,s:s,s:s,s:s}", "name", command->name, "long",
				  command->long_name, "arguments", command->arguments, "group",
				  command_group_name(command->group), "role",
				  command->role == ROLE_NONE ? "any" : role_name(command->role),
				  "help", command->help));
	else
		response_line(session, REPLY_DONE, "%s%s%s%s%s - %s (%s)", command->name,
			      command->long_name ? "|" : "",
			      command->long_name ? command->long_name : "",
			      command->arguments[0] ? " " : "", command->arguments, command->help,
			      command->role == ROLE_NONE ? "any" : role_name(command->role));
}

void help_show(struct session *session, char *words[], size_t count)
{
	const struct command *command = count > 1 ? command_find(words[1]) : NULL;

	if (count > 1 && !command) {
		command_usage(session, "no such command: %.40s", words[1]);
		return;
	}
	for (size_t i = 0; i < command_count; i++)
		if (!command || command == &commands[i])
			command_describe(session, &commands[i]);
	response_end(session, REPLY_DONE,
		     "RELAYS: 1 3, 1,3, 1-4, 13, all; SPAN: 10m, 90s, 1h30m, 7d");
}

void nothing_do(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	response_say(session, REPLY_DONE, "ok");
}

void format_set(struct session *session, char *words[], size_t count)
{
	(void)count; /* exactly one, says the table */
	if (strcasecmp(words[1], "json") != 0 && strcasecmp(words[1], "text") != 0) {
		command_usage(session, "%.40s is no format", words[1]);
		return;
	}
	session->json = strcasecmp(words[1], "json") == 0;
	response_end(session, REPLY_DONE, "format is %s", session->json ? "json" : "text");
}

void events_watch(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	if (!session->channel.hears) {
		event_cursor_init(session->start.segment, &session->events);
		session->channel.hears = session->self.watching = true;
		slot_watch(session->start.segment, session->start.slot, true);
	}
	response_end(session, REPLY_DONE, "watching");
}

void session_close(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	response_say(session, REPLY_GOODBYE, "goodbye");
	session->closing = true;
}

void session_crash(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	session->self.offences.wanted_crash = true;
	session_publish(session);
	log_error("this session crashes on purpose (ge)");
	abort();
}

void server_kill(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	response_end(session, REPLY_DONE, "the server ends");
	session_end_server(session, SHUTDOWN_KS);
}

void server_reboot(struct session *session, char *words[], size_t count)
{
	const char *command = session->start.settings->reboot_command;

	(void)words, (void)count; /* no arguments, says the table */
	if (!command[0]) {
		response_end(session, REPLY_REFUSED, "no reboot_command is set");
		return;
	}
	log_info("rbt: %s", command);
	response_end(session, REPLY_LATER, "the server ends, then runs %s", command);
	session_end_server(session, SHUTDOWN_RBT);
}
