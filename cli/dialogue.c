/*
 * Invariant: once it is over nothing is written or read any more, and why_over tells why unless
 * the user wanted it.
 */

#include "dialogue.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command_line.h"
#include "connection.h"
#include "line_buffer.h"
#include "reply_stream.h"

enum { GREETING_TIMEOUT_MS = 10000 };

struct dialogue {
	char name[HOST_COLUMN_SIZE]; /* of the target */
	struct connection *connection;
	struct reply_stream *replies;
	struct event_handler event;
	bool json; /* the user's format */
	bool over;
	char why_over[512];
};

static int dialogue_end(struct dialogue *dialogue, const char *why)
{
	dialogue->over = true;
	(void)snprintf(dialogue->why_over, sizeof(dialogue->why_over), "%s: %s", dialogue->name,
		       why); /* cut is fine */
	return -1;
}

static int dialogue_end_by_errno(struct dialogue *dialogue)
{
	if (errno == 0)
		return dialogue_end(dialogue, "the server closed the connection");
	if (errno == EPROTO)
		return dialogue_end(dialogue, "what came is not the control protocol");
	return dialogue_end(dialogue, strerror(errno));
}

/* The first line, "220 …", or why there is none. */
static int greeting_hear(struct dialogue *dialogue, struct failure *failure)
{
	struct reply_line line;
	int got = reply_stream_next(dialogue->replies, &line, GREETING_TIMEOUT_MS);

	while (got == 1 && !line.final && line.code == REPLY_GREETING)
		got = reply_stream_next(dialogue->replies, &line, GREETING_TIMEOUT_MS);
	if (got == 1 && line.final && line.code == REPLY_GREETING)
		return 0;
	if (got == 1 && line.code >= 400)
		return failure_set(failure, STATUS_LOST, "%s: %s", dialogue->name, line.text);
	if (got == 0)
		return failure_set(
			failure, STATUS_LOST,
			"%s: connected, but no greeting came within %d seconds\n"
			"The server may be full, or it listens inside TLS (-T), or it is no "
			"sprinkled.",
			dialogue->name, GREETING_TIMEOUT_MS / 1000);
	if (got == 1 || errno == EPROTO)
		return failure_set(failure, STATUS_LOST,
				   "%s: what answers there does not speak the control protocol\n"
				   "Is it sprinkled, and a listener of its service control?",
				   dialogue->name);
	return failure_set(failure, STATUS_LOST, "%s: the server closed the connection%s%s",
			   dialogue->name, errno ? ": " : "", errno ? strerror(errno) : "");
}

/* Say who we are; the password leaves no trace in memory but identity's own. */
static int authenticate(struct dialogue *dialogue, const struct identity *identity,
			struct failure *failure)
{
	char user[HOST_COLUMN_SIZE], password[PASSWORD_SIZE], line[LINE_MAX_BYTES];
	char *words[] = {"auth", user, password};
	struct reply_line reply = {0};

	(void)snprintf(user, sizeof(user), "%s", identity->user); /* a cut name is unknown */
	memcpy(password, identity->password, sizeof(password));
	int joined = command_line_join(words, 3, line, sizeof(line));
	explicit_bzero(password, sizeof(password));
	if (joined == -1)
		return failure_set(
			failure, STATUS_USAGE,
			"a user's name or password holds what no command line can carry");
	int heard = dialogue_say(dialogue, line) == 0 ? 1 : -1;
	explicit_bzero(line, sizeof(line));
	while (heard == 1 && !reply.final)
		heard = dialogue_hear(dialogue, &reply, -1);
	if (heard != 1)
		return failure_set(failure, STATUS_LOST, "%s", dialogue->why_over);
	if (reply.code < 400)
		return 0;
	return failure_set(failure, status_of_reply(reply.code), "%s: %s", identity->user,
			   reply.text);
}

static int dialogue_begin(struct dialogue *dialogue, const struct target *target,
			  struct identity *identity, struct failure *failure)
{
	if (greeting_hear(dialogue, failure) == -1)
		return -1;
	if (!identity->user)
		return 0;
	if (identity_complete(identity, target, failure) == -1)
		return -1;
	return authenticate(dialogue, identity, failure);
}

struct dialogue *dialogue_open(const struct target *target, struct identity *identity,
			       struct event_handler event, struct failure *failure)
{
	struct dialogue *dialogue = calloc(1, sizeof(*dialogue));

	if (!dialogue) {
		(void)failure_set(failure, STATUS_LOST, "%s", strerror(errno));
		return NULL;
	}
	dialogue->event = event;
	(void)snprintf(dialogue->name, sizeof(dialogue->name), "%s", target->name);
	dialogue->connection = connection_open(target, failure);
	if (!dialogue->connection)
		goto close_dialogue;
	dialogue->replies = reply_stream_create(dialogue->connection);
	if (!dialogue->replies) {
		(void)failure_set(failure, STATUS_LOST, "%s", strerror(errno));
		goto close_dialogue;
	}
	if (dialogue_begin(dialogue, target, identity, failure) == 0)
		return dialogue;
close_dialogue:
	dialogue_close(dialogue);
	return NULL;
}

void dialogue_close(struct dialogue *dialogue)
{
	if (!dialogue)
		return;
	reply_stream_destroy(dialogue->replies);
	connection_close(dialogue->connection);
	free(dialogue);
}

int dialogue_descriptor(const struct dialogue *dialogue)
{
	return connection_descriptor(dialogue->connection);
}

int dialogue_say(struct dialogue *dialogue, const char *line)
{
	char bytes[LINE_MAX_BYTES + 1];
	int length = snprintf(bytes, sizeof(bytes), "%s\n", line);

	if (dialogue->over)
		return -1;
	/* A line too long for the server is cut, but stays too long: the server refuses it. */
	if (length >= (int)sizeof(bytes)) {
		length = sizeof(bytes);
		bytes[length - 1] = '\n';
	}
	int written = connection_write(dialogue->connection, bytes, (size_t)length);
	explicit_bzero(bytes, sizeof(bytes)); /* it may have held a password */
	/* A server that closed has left its reason to be heard; other failures are told at once. */
	if (written == -1 && errno != EPIPE && errno != ECONNRESET)
		return dialogue_end_by_errno(dialogue);
	return 0;
}

int dialogue_hear(struct dialogue *dialogue, struct reply_line *line, int timeout_ms)
{
	while (!dialogue->over) {
		int got = reply_stream_next(dialogue->replies, line, timeout_ms);
		if (got == 0)
			return 0;
		if (got == -1)
			return dialogue_end_by_errno(dialogue);
		if (line->code == REPLY_EVENT) {
			dialogue->event.run(dialogue->event.context, line);
			continue;
		}
		if (line->code == REPLY_SHUTTING_DOWN)
			return dialogue_end(dialogue, line->text);
		if (line->final && line->code == REPLY_GOODBYE)
			dialogue->over = true;
		return 1;
	}
	return -1;
}

/* Hear a reply: its objects are appended to array and text gets the end, unless these are NULL. */
static int reply_collect(struct dialogue *dialogue, json_t *array, char *text)
{
	struct reply_line line;

	while (dialogue_hear(dialogue, &line, -1) == 1) {
		if (line.final && text)
			(void)snprintf(text, ANSWER_TEXT_SIZE, "%s", line.text); /* cut is fine */
		if (line.final)
			return dialogue->over ? -1 : line.code;
		json_t *object = array ? json_loads(line.text, 0, NULL) : NULL;
		if (object && json_array_append_new(array, object) == -1)
			return dialogue_end(dialogue, "no memory is left");
	}
	return -1;
}

/* All lines go out first: one round trip, and the format is back whatever the answer is. */
static int question_say(struct dialogue *dialogue, const char *command)
{
	if (dialogue->json)
		return dialogue_say(dialogue, command);
	if (dialogue_say(dialogue, "format json") == -1 || dialogue_say(dialogue, command) == -1)
		return -1;
	return dialogue_say(dialogue, "format text");
}

int dialogue_ask(struct dialogue *dialogue, const char *command, json_t **objects,
		 char text[ANSWER_TEXT_SIZE])
{
	bool aside = !dialogue->json;
	int code = -1;

	*objects = json_array();
	if (*objects && question_say(dialogue, command) == 0 &&
	    (!aside || reply_collect(dialogue, NULL, NULL) != -1))
		code = reply_collect(dialogue, *objects, text);
	if (code != -1 && aside && reply_collect(dialogue, NULL, NULL) == -1)
		code = -1;
	if (code == -1) {
		json_decref(*objects);
		*objects = NULL;
	}
	return code;
}

int dialogue_want_json(struct dialogue *dialogue)
{
	if (dialogue_say(dialogue, "format json") == -1 ||
	    reply_collect(dialogue, NULL, NULL) == -1)
		return -1;
	dialogue->json = true;
	return 0;
}

void dialogue_note_format(struct dialogue *dialogue, bool json)
{
	dialogue->json = json;
}

bool dialogue_has_json(const struct dialogue *dialogue)
{
	return dialogue->json;
}

bool dialogue_over(const struct dialogue *dialogue)
{
	return dialogue->over;
}

const char *dialogue_why_over(const struct dialogue *dialogue)
{
	return dialogue->why_over;
}
