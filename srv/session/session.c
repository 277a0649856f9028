/*
 * session.c: what every session does, whatever it speaks: its slot, its title, its way to the
 * keeper and to the supervisor.
 */
#include "session/session.h"

#include <bsd/string.h>
#include <bsd/unistd.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "log/log.h"
#include "session/response.h"
#include "stamp.h"
#include "state/counters.h"
#include "state/shutdown.h"

enum {
	ANSWER_LIMIT_MS = 5000, /* a keeper that is silent for longer is not well */
	END_LIMIT_MS = 2000,
};

char *session_name(const struct session *session, char *text, size_t size)
{
	strlcpy(text, session->self.user[0] ? session->self.user : role_name(session->role), size);
	strlcat(text, " ", size);
	strlcat(text, session->self.address, size);
	return text;
}

struct audit_subject session_subject(const struct session *session)
{
	return (struct audit_subject){session->self.user, session->role, session->self.address};
}

void session_publish(struct session *session)
{
	session->self.role = session->role;
	session->self.bytes_in = session->channel.bytes_in;
	session->self.bytes_out = session->channel.bytes_out;
	slot_publish(session->start.segment, session->start.slot, &session->self);
}

void session_begin(struct session *session, const struct session_start *start)
{
	session->start = *start;
	channel_init(&session->channel, start->socket, start->transport);
	slot_read(start->segment, start->slot, &session->self);
	session->self.pid = getpid();
}

void session_introduce(struct session *session)
{
	session_publish(session);
	session_title(session);
}

void session_end(struct session *session)
{
	(void)channel_flush(&session->channel); /* nobody is left to tell */
	counter_add(session->start.segment, COUNT_BYTES_IN, session->channel.bytes_in);
	counter_add(session->start.segment, COUNT_BYTES_OUT, session->channel.bytes_out);
}

void session_title(const struct session *session)
{
	char name[96];

	session_name(session, name, sizeof(name));
	log_role("session", name);
	setproctitle("-sprinkled: session %s", name);
}

static const char *failure_text(int error)
{
	switch (error) {
	case ECONNRESET:
		return "the keeper died meanwhile; every relay was opened";
	case ETIMEDOUT:
		return "the keeper does not answer";
	case EBUSY:
		return "the shared state is held by a stopped process; try again";
	default:
		return strerror(error);
	}
}

int session_ask(struct session *session, struct request *request, struct answer *answer)
{
	session_name(session, request->by, sizeof(request->by));
	if (request_ask(session->start.segment, session->start.slot, request, ANSWER_LIMIT_MS,
			answer) == 0)
		return 0;
	if (errno == EBUSY)
		kill(session->start.supervisor, SIGUSR2); /* it looks after stopped holders */
	log_error("%s", failure_text(errno));
	response_end(session, REPLY_FAILED, "%s", failure_text(errno));
	return -1;
}

void session_farewell(struct session *session)
{
	char reason[128];

	if (session->wording) {
		session->wording->farewell(session);
	} else {
		response_end(session, REPLY_SHUTTING_DOWN, "Server is shutting down RE: %s",
			     shutdown_reason(session->start.segment, reason, sizeof(reason)));
	}
	(void)channel_flush(&session->channel); /* lost or not: this is the end */
}

void session_end_server(struct session *session, int shutdown_kind)
{
	shutdown_request(session->start.segment, (enum shutdown_kind)shutdown_kind,
			 session->start.slot);
	kill(session->start.supervisor, SIGTERM); /* our parent, or we are being ended already */
	(void)channel_wait_shutdown(&session->channel, END_LIMIT_MS); /* then it is killed */
	session_farewell(session);
	session->closing = true;
}
