/*
 * auth.c: from a connection to a role.
 */
#include "session/auth.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "clerk/clerk_call.h"
#include "log/log.h"
#include "peer.h"
#include "session/response.h"
#include "state/counters.h"

enum { FAILURES_MAX = 3, GROUPS_MAX = 256 };

static bool is_operator(const struct session *session, const struct ucred *peer)
{
	gid_t groups[GROUPS_MAX], wanted = session->start.operators;
	socklen_t size = sizeof(groups);

	if (wanted == (gid_t)-1)
		return false;
	if (peer->gid == wanted)
		return true;
	if (getsockopt(session->start.socket, SOL_SOCKET, SO_PEERGROUPS, groups, &size) == -1)
		return false;
	for (size_t i = 0; i < size / sizeof(groups[0]); i++)
		if (groups[i] == wanted)
			return true;
	return false;
}

/* The peer of a Unix socket has no address: its process stands for it. */
static enum role role_of_unix_peer(struct session *session)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(session->start.socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == -1)
		return ROLE_NONE;
	snprintf(session->self.address, sizeof(session->self.address), "unix pid %d",
		 (int)peer.pid);
	if (peer.uid == 0 || peer.uid == geteuid())
		return ROLE_ADMIN;
	return is_operator(session, &peer) ? ROLE_OPERATOR : ROLE_NONE;
}

void auth_begin(struct session *session)
{
	const struct sockaddr_storage *peer = session->start.peer;

	session->role = ROLE_NONE;
	if (peer->ss_family == AF_UNIX) {
		session->role = role_of_unix_peer(session);
	} else if (!session->start.users_exist && peer_is_loopback(peer)) {
		session->role = ROLE_OPERATOR;
		session->may_kill = true;
	}
	session_introduce(session);
}

/* A try costs a second, whatever was wrong. */
static void failure_count(struct session *session, const char *name)
{
	const struct timespec second = {.tv_sec = 1};
	struct audit_subject subject = session_subject(session);

	session->auth_failures++;
	session->self.offences.passwords++;
	session_publish(session); /* should it end while it pays */
	counter_add(session->start.segment, COUNT_AUTH_FAILURES, 1);
	subject.user = name;
	audit_denied(&subject, "auth", "%s", "");
	(void)nanosleep(&second, NULL); /* cut short only by the server's end */
}

bool auth_password(struct session *session, const char *name, char *password)
{
	enum role role;
	int checked = clerk_check(session->start.clerk, session->start.slot, name, password, &role);
	int error = errno;

	explicit_bzero(password, strlen(password));
	if (checked == -1) {
		if (error != EACCES && error != ENOENT)
			log_error("the password could not be checked: %s", strerror(error));
		failure_count(session, name);
		return false;
	}
	session->role = role;
	session->may_kill = false;
	slot_authenticated(session->start.segment, session->start.slot);
	strlcpy(session->self.user, name, sizeof(session->self.user));
	session_title(session);
	struct audit_subject subject = session_subject(session);
	audit_done(&subject, "auth", "%s", "");
	return true;
}

void auth_run(struct session *session, char *words[], size_t count)
{
	const struct settings *settings = session->start.settings;
	char *password = words[2];

	(void)count; /* the table asks for exactly two */
	session->secret_heard = true;
	if (!session->start.transport && !peer_is_loopback(session->start.peer) &&
	    !settings->plaintext_auth) {
		struct audit_subject subject = session_subject(session);
		explicit_bzero(password, strlen(password));
		audit_denied(&subject, "auth", "why=plaintext");
		response_end(session, REPLY_NOT_ALLOWED,
			     "passwords do not cross the network in clear: use a TLS listener, or "
			     "set plaintext_auth");
		return;
	}
	if (auth_password(session, words[1], password)) {
		response_end(session, REPLY_AUTHENTICATED, "Accepted connection from %s",
			     session->self.address);
		return;
	}
	response_end(session, REPLY_AUTHENTICATION_FAILED, "authentication failed");
	if (session->auth_failures < FAILURES_MAX)
		return;
	response_end(session, REPLY_GOODBYE, "too many tries");
	session->closing = true;
}
