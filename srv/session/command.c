/*
 * command.c: from a line to the command that answers it. Roles, names and usage are read off the
 * table in commands.c.
 */
#include "session/command.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "log/log.h"
#include "session/response.h"
#include "words.h"

static const char *const group_names[COMMAND_GROUPS] = {
	[GROUP_GET] = "GET",	 [GROUP_SET] = "SET",	[GROUP_FILE] = "FILE",
	[GROUP_OTHER] = "OTHER", [GROUP_TEST] = "TEST",
};

const char *command_group_name(enum command_group group)
{
	return group_names[group];
}

/*
 * Most names differ in the first letter, and case is one bit of it: looking at that alone made a
 * request a half shorter.
 */
static bool is_name(const char *name, const char *wanted)
{
	return ((*name ^ *wanted) & ~('a' ^ 'A')) == 0 && strcasecmp(name, wanted) == 0;
}

static bool is_called(const struct command *command, const char *name)
{
	return is_name(name, command->name) ||
	       (command->long_name && is_name(name, command->long_name));
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (is_called(&commands[i], name))
			return &commands[i];
	return NULL;
}

void command_usage(struct session *session, const char *format, ...)
{
	const struct command *command = session->command;
	char what[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	response_end(session, REPLY_BAD_ARGUMENTS, "%s; usage: %s%s%s", what, command->name,
		     command->arguments[0] ? " " : "", command->arguments);
}

const char *command_objection(const struct session *session, const struct command *command)
{
	return session->wording ? session->wording->objection(command) : NULL;
}

static bool is_allowed(const struct session *session, const struct command *command)
{
	if (command->role <= session->role)
		return true;
	return session->may_kill && strcmp(command->name, "ks") == 0;
}

static void refuse(struct session *session, const struct command *command)
{
	if (session->role == ROLE_NONE) {
		response_end(session, REPLY_AUTHENTICATE_FIRST,
			     "authenticate first: auth USER PASSWORD");
		return;
	}
	if (session->self.offences.roles < UINT8_MAX)
		session->self.offences.roles++;
	struct audit_subject subject = session_subject(session);
	audit_denied(&subject, "command", "command=%s needs=%s", command->name,
		     role_name(command->role));
	response_end(session, REPLY_NOT_ALLOWED, "%s takes the role %s; yours is %s", command->name,
		     role_name(command->role), role_name(session->role));
}

static void command_run(struct session *session, const struct command *command, char *words[],
			size_t count)
{
	if (command->role == ROLE_ADMIN) {
		struct audit_subject subject = session_subject(session);
		audit_done(&subject, "command", "command=%s", command->name);
	}
	command->run(session, words, count);
}

/* Who polls asks the same again and again: no need then to go through the table. */
static const struct command *command_wanted(const struct session *session, const char *name)
{
	const struct command *last = session->command;

	return last && is_called(last, name) ? last : command_find(name);
}

static void words_run(struct session *session, char *words[], size_t count)
{
	const struct command *command = command_wanted(session, words[0]);
	size_t arguments = count - 1;
	if (!command) {
		response_end(session, REPLY_NO_COMMAND, "no such command: %.40s (try help)",
			     words[0]);
		return;
	}
	session->command = command;
	if (strcmp(session->self.command, command->name) != 0) {
		strlcpy(session->self.command, command->name, sizeof(session->self.command));
		session_publish(session); /* so that a command that hangs shows its name */
	}
	const char *objection = command_objection(session, command);
	if (objection)
		response_end(session, REPLY_REFUSED, "%s", objection);
	else if (!is_allowed(session, command))
		refuse(session, command);
	else if (arguments < command->min_words)
		command_usage(session, "an argument is missing");
	else if (arguments > command->max_words)
		command_usage(session, "too many arguments");
	else
		command_run(session, command, words, count);
}

void command_dispatch(struct session *session, char *line)
{
	char *words[WORDS_MAX];
	int count = words_split(line, words, WORDS_MAX);

	if (count > 0)
		words_run(session, words, (size_t)count);
	else if (count == 0)
		response_end(session, REPLY_NO_COMMAND, "an empty line is no command (try help)");
	else if (errno == E2BIG)
		response_end(session, REPLY_NO_COMMAND, "more than %d words in a line", WORDS_MAX);
	else
		response_end(session, REPLY_NO_COMMAND, "a \" is not closed");
}
