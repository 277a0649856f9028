/*
 * legacy.c: the conversation with the Python program's clients, sprinkle-legacy(7). Messages have
 * no end of their own: one is what arrives together. Invariant: every message gets one answer, in
 * order, and never an empty one.
 */
#include <bsd/string.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "log/log.h"
#include "session/arrival.h"
#include "session/auth.h"
#include "session/legacy_words.h"
#include "session/response.h"
#include "session/session.h"
#include "stamp.h"
#include "state/counters.h"
#include "state/shutdown.h"

struct conversation {
	struct session session;
	bool admitted;	   /* the first message was the right password */
	int64_t silent_ms; /* CLOCK_MONOTONIC: when a client is let go that says nothing; -1 never
			    */
	struct arrival arrival;
};

/*
 * Who is somebody already, by loopback or by uid, comes in with any password: these clients always
 * send one.
 */
static bool password_opens(struct session *session, char *password)
{
	return session->role != ROLE_NONE ||
	       auth_password(session, session->start.settings->legacy_user, password);
}

static void password_serve(struct conversation *conversation, enum line_kind kind, char *password)
{
	struct session *session = &conversation->session;
	char address[LEGACY_ADDRESS_SIZE], none[] = "";

	conversation->admitted = password_opens(session, kind == LINE_GOOD ? password : none);
	session->closing = !conversation->admitted;
	legacy_say("%s connection from: %s", conversation->admitted ? "Accepted" : "Rejected",
		   legacy_address(session->self.address, address, sizeof(address)));
}

static void message_serve(struct conversation *conversation, enum line_kind kind, char *text)
{
	struct session *session = &conversation->session;

	session->self.spoke_ns = stamp_coarse_ns();
	counter_add(session->start.segment, COUNT_COMMANDS, 1);
	legacy_answer_begin(session);
	if (!conversation->admitted)
		password_serve(conversation, kind, text);
	else if (kind == LINE_GOOD)
		command_dispatch(session, text);
	else
		response_end(session, REPLY_NO_COMMAND, "not a message of UTF-8 text");
	legacy_answer_send(session);
	session_publish(session);
}

/* Read what has arrived and answer it. False when the client is gone. */
static bool arrival_serve(struct conversation *conversation)
{
	struct session *session = &conversation->session;
	struct arrival *arrival = &conversation->arrival;
	enum line_kind kind;
	char *text;
	ssize_t count = channel_read(&session->channel, arrival->bytes, ARRIVAL_MAX);

	if (count <= 0)
		return count == -1 && (errno == EAGAIN || errno == EINTR);
	arrival_take(arrival, (size_t)count);
	while (!session->closing && (kind = arrival_next(arrival, &text)) != LINE_NONE) {
		message_serve(conversation, kind, text);
		conversation->silent_ms =
			clock_deadline_ms(session->start.settings->idle_timeout_ms);
	}
	explicit_bzero(arrival->bytes, sizeof(arrival->bytes)); /* a password, maybe */
	return true;
}

static void deadline_tell(struct conversation *conversation)
{
	struct session *session = &conversation->session;
	const char *why = conversation->admitted ? "idle for too long" : "no password in time";

	log_info("closed: %s", why);
	session->self.offences.late = !conversation->admitted;
	session_publish(session);
	legacy_answer_begin(session);
	legacy_end_say(session, why);
	legacy_answer_send(session);
}

static void converse(struct conversation *conversation)
{
	struct session *session = &conversation->session;

	while (!session->closing) {
		switch (channel_wait(&session->channel, conversation->silent_ms)) {
		case CHANNEL_INPUT:
			if (!arrival_serve(conversation))
				return;
			break;
		case CHANNEL_EVENT: /* these clients do not watch */
			break;
		case CHANNEL_SHUTDOWN:
			session_farewell(session);
			return;
		case CHANNEL_DEADLINE:
			deadline_tell(conversation);
			return;
		case CHANNEL_LOST:
			return;
		}
	}
}

int legacy_serve(const struct session_start *start)
{
	static struct conversation conversation;
	struct session *session = &conversation.session;
	int slot;

	session->wording = &legacy_wording;
	session_begin(session, start);
	auth_begin(session);
	conversation.silent_ms = clock_deadline_ms(start->settings->login_grace_ms);
	/* The group's signal may have come before this child was in it. */
	if (shutdown_wanted(start->segment, &slot) != SHUTDOWN_NONE)
		session_farewell(session);
	else
		converse(&conversation);
	session_end(session);
	return EXIT_SUCCESS;
}
