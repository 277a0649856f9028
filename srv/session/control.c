/*
 * control.c: the control protocol's conversation, sprinkle-protocol(7). Invariant: every line gets
 * exactly one reply, in order; events stand between replies, never inside one.
 */
#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "log/log.h"
#include "clock.h"
#include "session/auth.h"
#include "session/response.h"
#include "session/session.h"
#include "stamp.h"
#include "state/counters.h"
#include "state/shutdown.h"

struct deadlines {
	int64_t login_ms, idle_ms, line_ms; /* CLOCK_MONOTONIC; -1 none */
};

static int64_t deadline_nearest(const struct deadlines *deadlines)
{
	int64_t nearest_ms = deadlines->login_ms;

	if (nearest_ms < 0 || (deadlines->idle_ms >= 0 && deadlines->idle_ms < nearest_ms))
		nearest_ms = deadlines->idle_ms;
	if (nearest_ms < 0 || (deadlines->line_ms >= 0 && deadlines->line_ms < nearest_ms))
		nearest_ms = deadlines->line_ms;
	return nearest_ms;
}

static void line_serve(struct session *session, enum line_kind kind, char *line)
{
	session->self.spoke_ns = stamp_coarse_ns();
	counter_add(session->start.segment, COUNT_COMMANDS, 1);
	switch (kind) {
	case LINE_GOOD:
		command_dispatch(session, line);
		break;
	case LINE_TOO_LONG:
		response_end(session, REPLY_NO_COMMAND,
			     "line too long: at most %d bytes with its end", LINE_MAX_BYTES);
		break;
	case LINE_NUL:
		response_end(session, REPLY_NO_COMMAND, "a line must not hold a NUL byte");
		break;
	case LINE_NOT_UTF8:
		response_end(session, REPLY_NO_COMMAND, "not a line of UTF-8 text");
		break;
	case LINE_NONE:
		break;
	}
	session_publish(session);
}

/* Serve what has arrived whole. */
static void lines_serve(struct session *session, struct line_buffer *lines)
{
	enum line_kind kind;
	char *line;

	while (!session->closing && (kind = line_buffer_next(lines, &line)) != LINE_NONE)
		line_serve(session, kind, line);
	if (session->secret_heard)
		line_buffer_wipe(lines);
	session->secret_heard = false;
}

/* False at the end of the client's input, a last line without an end included. */
static bool input_serve(struct session *session, struct line_buffer *lines)
{
	size_t room;
	char *line, *space = line_buffer_space(lines, &room);
	ssize_t count = channel_read(&session->channel, space, room);

	if (count > 0) {
		line_buffer_add(lines, (size_t)count);
		lines_serve(session, lines);
		return true;
	}
	if (count == -1 && (errno == EAGAIN || errno == EINTR))
		return true;
	enum line_kind kind = count == 0 ? line_buffer_last(lines, &line) : LINE_NONE;
	if (kind != LINE_NONE)
		line_serve(session, kind, line);
	return false;
}

static void events_serve(struct session *session)
{
	struct event event;
	uint64_t lost;
	int got;

	if (!session->channel.hears)
		return;
	while ((got = event_next(session->start.segment, &session->events, &event, &lost)) != 0) {
		if (got == 1)
			response_event(session, &event);
		else
			response_end(session, REPLY_EVENT, "%llu events were lost: read faster",
				     (unsigned long long)lost);
	}
}

static void deadline_tell(struct session *session, const struct deadlines *deadlines)
{
	int64_t now_ms = clock_monotonic_ms();
	const char *why = "idle for too long";

	if (deadlines->login_ms >= 0 && now_ms >= deadlines->login_ms)
		why = "not authenticated in time";
	else if (deadlines->line_ms >= 0 && now_ms >= deadlines->line_ms)
		why = "a line once begun was not ended in time";
	log_info("closed: %s", why);
	session->self.offences.late = deadlines->login_ms >= 0 && now_ms >= deadlines->login_ms;
	session_publish(session);
	response_end(session, REPLY_SHUTTING_DOWN, "Closing: %s", why);
	(void)channel_flush(&session->channel); /* lost or not: this is the end */
}

static void greet(struct session *session)
{
	char text[96] = "sprinkled " SPRINKLED_VERSION " ready, ";

	if (session->role == ROLE_NONE) {
		strlcat(text, "authenticate first", sizeof(text));
	} else {
		strlcat(text, "you are ", sizeof(text));
		strlcat(text, role_name(session->role), sizeof(text));
	}
	response_say(session, REPLY_GREETING, text);
}

/* Deadlines as they stand before the next wait. */
static void deadlines_update(struct deadlines *deadlines, const struct session *session,
			     const struct line_buffer *lines)
{
	if (session->role != ROLE_NONE)
		deadlines->login_ms = -1;
	if (!line_buffer_partial(lines))
		deadlines->line_ms = -1;
	else if (deadlines->line_ms < 0)
		deadlines->line_ms = clock_deadline_ms(session->start.settings->line_timeout_ms);
}

static void conversation(struct session *session, struct line_buffer *lines)
{
	const struct settings *settings = session->start.settings;
	struct deadlines deadlines = {
		.login_ms = clock_deadline_ms(settings->login_grace_ms),
		.idle_ms = clock_deadline_ms(settings->idle_timeout_ms),
		.line_ms = -1,
	};

	while (!session->closing) {
		deadlines_update(&deadlines, session, lines);
		switch (channel_wait(&session->channel, deadline_nearest(&deadlines))) {
		case CHANNEL_INPUT:
			if (!input_serve(session, lines))
				return;
			if (!line_buffer_partial(lines))
				deadlines.idle_ms = clock_deadline_ms(settings->idle_timeout_ms);
			break;
		case CHANNEL_EVENT:
			events_serve(session);
			break;
		case CHANNEL_SHUTDOWN:
			session_farewell(session);
			return;
		case CHANNEL_DEADLINE:
			deadline_tell(session, &deadlines);
			return;
		case CHANNEL_LOST:
			return;
		}
	}
}

int control_serve(const struct session_start *start)
{
	static struct session session;
	static char bytes[LINE_MAX_BYTES + 1];
	struct line_buffer lines;
	int slot;

	session_begin(&session, start);
	auth_begin(&session);
	line_buffer_init(&lines, bytes, sizeof(bytes));
	if (shutdown_wanted(start->segment, &slot) != SHUTDOWN_NONE) {
		session_farewell(
			&session); /* the group's signal may have come before this child was in it
				    */
		return EXIT_SUCCESS;
	}
	greet(&session);
	conversation(&session, &lines);
	session_end(&session);
	return EXIT_SUCCESS;
}
