/*
 * legacy_words.c: what commands answer, in the words of the Python program. Its clients read only
 * these words: a menu's lines become buttons, and "RE: ks" is the only end that they understand.
 */
#include "session/legacy_words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/settings.h"
#include "log/log.h"
#include "session/response.h"
#include "session/session.h"
#include "state/relays.h"
#include "state/shutdown.h"

/* A process serves one client, and a client gets one answer at a time. */
static struct {
	FILE *stream; /* NULL: none is being made */
	char *bytes;
	size_t size;
} answer;

/* What stands apart from the other commands. */
static const struct peculiarity {
	const char *name;
	const char *verb;      /* it switches relays, and says so thus */
	const char *objection; /* why these clients have no use for it */
	bool lines_say_all;    /* the final line would only count them */
} peculiarities[] = {
	{"grs", .lines_say_all = true},
	{"sro", .verb = "Opening", .lines_say_all = true},
	{"src", .verb = "Closing", .lines_say_all = true},
	{"t1", .verb = "Toggling", .lines_say_all = true},
	{"m", .lines_say_all = true},
	{"gdt", .lines_say_all = true},
	{"gvn", .lines_say_all = true},
	{"hist", .lines_say_all = true},
	{"watch", .objection = "Events can't be followed here: ask with grs or gps."},
	{"format", .objection = "Answers here are always plain text."},
	{"auth", .objection = "The password came first: to be somebody else, connect again."},
	{NULL},
};

/* The row of a command, or the last, which says nothing. */
static const struct peculiarity *peculiarity_of(const struct command *command)
{
	const struct peculiarity *row = peculiarities;

	while (row->name && strcmp(row->name, command->name) != 0)
		row++;
	return row;
}

char *legacy_address(const char *address, char *text, size_t size)
{
	const char *colon = strrchr(address, ':');
	const char *port = colon ? colon + 1 : "0", *end = colon;

	if (strncmp(address, "unix", 4) == 0) {
		port = "0";
		end = NULL;
	}
	if (!end)
		end = address + strlen(address);
	if (*address == '[' && end[-1] == ']') {
		address++;
		end--;
	}
	(void)snprintf(text, size, "('%.*s', %s)", (int)(end - address), address, port); /* fits */
	return text;
}

static char *own_address(const struct session *session, char *text, size_t size)
{
	return legacy_address(session->self.address, text, size);
}

static void answer_drop(void)
{
	if (!answer.stream)
		return;
	(void)fclose(answer.stream); /* what of it was wanted is sent */
	free(answer.bytes);
	answer.stream = NULL;
}

void legacy_answer_begin(struct session *session)
{
	answer_drop();
	answer.stream = open_memstream(&answer.bytes, &answer.size);
	if (answer.stream)
		return;
	log_error("an answer: %s", strerror(errno));
	session->closing = true;
}

void legacy_answer_send(struct session *session)
{
	if (!answer.stream)
		return;
	if (fflush(answer.stream) == 0) {
		channel_put(&session->channel, answer.bytes, answer.size);
	} else {
		log_error("an answer: %s", strerror(errno));
		session->closing = true;
	}
	answer_drop();
}

void legacy_say(const char *format, ...)
{
	va_list arguments;

	if (!answer.stream)
		return;
	va_start(arguments, format);
	(void)vfprintf(answer.stream, format, arguments); /* fflush tells */
	va_end(arguments);
}

static bool answer_has_lines(void)
{
	return answer.stream && ftello(answer.stream) > 0;
}

static void line_say(struct session *session, int code, bool final, const char *text)
{
	char address[LEGACY_ADDRESS_SIZE];

	if (code == REPLY_NO_COMMAND)
		legacy_say("Invalid command");
	else if (code == REPLY_GOODBYE)
		legacy_say("handleClient %s set loop break RE: CLOSE\n",
			   own_address(session, address, sizeof(address)));
	else if (!final || !answer_has_lines() || !peculiarity_of(session->command)->lines_say_all)
		legacy_say("%s\n", text);
}

static const char *objection_find(const struct command *command)
{
	return peculiarity_of(command)->objection;
}

/* "3 (GPIO13 on pin 33, Front lawn)", the line's name in six columns. */
static char *relay_text(const struct session *session, unsigned number, bool named, char *text,
			size_t size)
{
	const struct settings *settings = session->start.settings;
	const struct relay_setting *relay = &settings->relay[number - 1];
	char line[sizeof("GPIO") + sizeof(relay->line)], pin[32] = "";

	snprintf(line, sizeof(line), "%s%s",
		 settings_relay_offset(settings, number) == -1 ? "" : "GPIO", relay->line);
	if (relay->pin)
		snprintf(pin, sizeof(pin), " on pin %d", relay->pin);
	named = named && relay->name[0];
	snprintf(text, size, "%u (%-6s%s%s%s)", number, line, pin, named ? ", " : "",
		 named ? relay->name : "");
	return text;
}

static void relay_state_say(struct session *session, unsigned number,
			    const struct relay_state *state)
{
	char relay[192];

	response_line(session, REPLY_DONE, " Relay %s is %s.",
		      relay_text(session, number, true, relay, sizeof(relay)),
		      state->closed ? "closed" : "open");
}

static void relay_switched_say(struct session *session, unsigned number)
{
	char relay[192];

	response_line(session, REPLY_DONE, " %s relay %s.", peculiarity_of(session->command)->verb,
		      relay_text(session, number, false, relay, sizeof(relay)));
}

/* A client of the Python program that does not read this takes a closed connection for an answer.
 */
void legacy_end_say(const struct session *session, const char *why)
{
	char own[LEGACY_ADDRESS_SIZE];

	legacy_say("server set loop break for %s RE: ks (%s)\n",
		   own_address(session, own, sizeof(own)), why);
}

static void farewell_say(struct session *session)
{
	char own[LEGACY_ADDRESS_SIZE], other[LEGACY_ADDRESS_SIZE], reason[128];
	struct segment *segment = session->start.segment;
	struct slot asker;
	int slot;
	enum shutdown_kind kind = shutdown_wanted(segment, &slot);
	const char *command = kind == SHUTDOWN_RBT ? "rbt" : "ks";

	own_address(session, own, sizeof(own));
	legacy_answer_begin(session); /* what ks itself has said is no part of it */
	if (slot == SLOT_NONE) {
		legacy_end_say(session, shutdown_reason(segment, reason, sizeof(reason)));
	} else if (slot == session->start.slot) {
		legacy_say("handleClient %s set loop break for self RE: %s\n", own, command);
	} else {
		(void)slot_read(segment, slot, &asker); /* free or not: it stands there still */
		legacy_say("handleClient %s set loop break for %s RE: %s\n",
			   legacy_address(asker.address, other, sizeof(other)), own, command);
	}
	legacy_answer_send(session);
}

const struct wording legacy_wording = {
	.line = line_say,
	.objection = objection_find,
	.relay_state = relay_state_say,
	.relay_switched = relay_switched_say,
	.farewell = farewell_say,
};
