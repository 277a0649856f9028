/*
 * admission.c: from a listening socket to a session. Everything that can turn a client away is
 * looked at before fork; a refusal is one line and costs no process. Invariant: a source and a slot
 * that were taken are given back on every way that does not end in a child.
 */
#include "supervisor/supervisor.h"

#include <bsd/string.h>
#include <bsd/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "clock.h"
#include "log/log.h"
#include "peer.h"
#include "process_end.h"
#include "session/sandbox.h"
#include "source.h"
#include "stamp.h"
#include "state/counters.h"
#include "state/events.h"
#include "state/penalties.h"
#include "state/shutdown.h"
#include "state/slots.h"
#include "supervisor/errand.h"
#include "supervisor/tls_session.h"

enum {
	ACCEPT_BURST = 64,	  /* clients taken before the loop looks elsewhere */
	SHORTAGE_PAUSE_MS = 100,  /* out of descriptors, processes or memory */
	UNAUTHENTICATED_PART = 4, /* of max_clients may be about to authenticate */
	UNAUTHENTICATED_LEAST = 8,
};

struct candidate {
	int socket;
	struct sockaddr_storage peer;
	char address[PEER_TEXT_SIZE];
	struct listener *listener;
	int source;
	int slot;
	unsigned serial; /* of all clients since the start, from 1 */
	pid_t pid;	 /* its session's */
};

/* Once an episode; accepting goes on by itself, and clients already served notice nothing. */
static void shortage(struct supervisor *supervisor, const char *what)
{
	if (!supervisor->shortage_logged)
		log_error("%s: %s; new clients wait", what, strerror(errno));
	supervisor->shortage_logged = true;
	refusals_close_all(&supervisor->refusals);
	supervisor->accept_again_ms = clock_monotonic_ms() + SHORTAGE_PAUSE_MS;
}

static void refuse(struct supervisor *supervisor, const struct candidate *candidate,
		   const char *why)
{
	refusal_tell(supervisor, candidate->listener, candidate->socket, candidate->address, why);
}

/* The child's side of fork: let go of what is the supervisor's, then serve. */
static void __attribute__((noreturn))
session_main(struct supervisor *supervisor, const struct candidate *candidate, pid_t group)
{
	/*
	 * Logs and shared state were opened before the signal descriptor, everything of the
	 * supervisor's own after it: one call closes all of that.
	 */
	int keep = supervisor->signal_fd;

	if (worker_begin(group, supervisor->pid) == -1 ||
	    dup3(candidate->socket, keep, O_CLOEXEC) == -1)
		_exit(EXIT_FAILURE);
	if (candidate->socket < keep)
		close(candidate->socket); /* its number was free: something had been closed there */

	struct session_start start = {
		.socket = keep,
		.segment = supervisor->segment,
		.settings = &supervisor->settings,
		.slot = candidate->slot,
		.peer = &candidate->peer,
		.users_exist = supervisor->users_exist,
		.supervisor = supervisor->pid,
		.clerk = supervisor->clerk_call,
		.operators = supervisor->operators,
	};
	if (candidate->listener->endpoint.tls)
		tls_session_become(supervisor, candidate->listener->service, &start);
	closefrom(keep + 1);
	credentials_close(&supervisor->credentials); /* those of a reload may lie below */
	close(supervisor->pid_file_fd); /* a copy would hold its lock beyond the server's death */
	close(supervisor->clerk_desk);
	if (sandbox_limit() == -1)
		_exit(EXIT_FAILURE);
	process_end(candidate->listener->service->serve(&start));
}

/* _Fork takes none of the locks of fork(3), which cost a quarter more: the other thread waits. */
static pid_t session_spawn(struct supervisor *supervisor, const struct candidate *candidate)
{
	pid_t group = workers_group(supervisor->workers);
	pid_t pid = _Fork();

	if (pid == 0)
		session_main(supervisor, candidate, group);
	return pid;
}

/* An errand: inside TLS a session is a program, which goes behind the wall by itself. */
static void newcomer_spawn(struct supervisor *supervisor)
{
	supervisor->newcomer->pid = session_spawn(supervisor, supervisor->newcomer);
}

static void session_fork(struct supervisor *supervisor, struct candidate *candidate)
{
	struct listener *listener = candidate->listener;

	/* Before the fork: the session may be asked for it before we go on. */
	counter_add(supervisor->segment, COUNT_CONNECTIONS, 1);
	if (listener->endpoint.tls) {
		supervisor->newcomer = candidate;
		errand_run(newcomer_spawn, supervisor);
	} else {
		candidate->pid = session_spawn(supervisor, candidate);
	}
	pid_t pid = candidate->pid;
	if (pid == -1) {
		shortage(supervisor, "fork");
		counter_add(supervisor->segment, COUNT_CONNECTIONS, UINT64_MAX); /* less one */
		slot_free(supervisor->segment, candidate->slot);
		source_leave(supervisor->sources, candidate->source);
		refuse(supervisor, candidate, "the machine is out of processes; try again later");
		return;
	}
	close(candidate->socket);
	struct worker worker = {.pid = pid,
				.kind = WORKER_SESSION,
				.slot = candidate->slot,
				.source = candidate->source};
	worker_add(supervisor->workers, &worker);
	struct event event = {.time_ns = stamp_now_ns(), .kind = EVENT_CAME, .pid = pid};
	snprintf(event.text, sizeof(event.text), "client %u came: %s (%s)", candidate->serial,
		 candidate->address, listener->name);
	event_publish(supervisor->segment, EVENTS_OF_SUPERVISOR, &event);
	log_debug("%s", event.text);
}

/* An errand: the socket's file goes too. */
static void listeners_retire(struct supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->listeners.count; i++) {
		struct listener *listener = &supervisor->listeners.listener[i];

		if (listener->endpoint.max > 0 && listener->served >= listener->endpoint.max)
			listener_close(&supervisor->listeners, listener);
	}
}

/* max=N: remember who came; after the last one say who they were, and close. */
static void listener_count(struct supervisor *supervisor, struct listener *listener,
			   const char *address)
{
	if (listener->endpoint.max == 0)
		return;
	strlcpy(listener->peers[listener->served], address, sizeof(listener->peers[0]));
	if (++listener->served < listener->endpoint.max)
		return;
	log_info("%s@%s has served its %u connections:", listener->name, listener->address,
		 listener->served);
	for (unsigned i = 0; i < listener->served; i++)
		log_info("connection %u: %s", i + 1, listener->peers[i]);
	errand_run(listeners_retire, supervisor);
}

/* Who comes by network where there are users. A Unix socket's peer is known by its uid. */
static bool must_authenticate(const struct supervisor *supervisor,
			      const struct candidate *candidate)
{
	return candidate->listener->service->authenticates && supervisor->users_exist &&
	       candidate->peer.ss_family != AF_UNIX;
}

static unsigned unauthenticated_limit(const struct settings *settings)
{
	unsigned part = settings->max_clients / UNAUTHENTICATED_PART;

	return part > UNAUTHENTICATED_LEAST ? part : UNAUTHENTICATED_LEAST;
}

/* A slot that describes the connection; -1 when all are taken. */
static int slot_take(struct supervisor *supervisor, const struct candidate *candidate,
		     bool unauthenticated)
{
	const struct listener *listener = candidate->listener;
	struct slot slot = {
		.serial = candidate->serial,
		.came_ns = stamp_now_ns(),
		.unauthenticated = unauthenticated,
	};

	if (slots_used(supervisor->segment) >= supervisor->settings.max_clients)
		return -1;
	slot.spoke_ns = slot.came_ns;
	strlcpy(slot.listener, listener->address, sizeof(slot.listener));
	strlcpy(slot.service, listener->name, sizeof(slot.service));
	strlcpy(slot.address, candidate->address, sizeof(slot.address));
	return slot_reserve(supervisor->segment, &slot);
}

/* Is its address paying for what came from there before? Then why tells until when. */
static bool is_penalized(struct supervisor *supervisor, const struct candidate *candidate,
			 char *why, size_t size)
{
	char until[STAMP_SIZE];
	struct source source;

	if (!source_of(&candidate->peer, &source))
		return false;
	int64_t until_ms = penalty_until_ms(supervisor->segment, &source);
	if (until_ms == 0)
		return false;
	int64_t left_ns = (until_ms - clock_monotonic_ms()) * 1000000;
	snprintf(why, size, "penalty until %s",
		 stamp_local(stamp_now_ns() + left_ns, until, sizeof(until)));
	return true;
}

static void candidate_admit(struct supervisor *supervisor, struct candidate *candidate)
{
	const struct settings *settings = &supervisor->settings;
	struct listener *listener = candidate->listener;
	bool unauthenticated = must_authenticate(supervisor, candidate);
	char why[128];

	if (is_penalized(supervisor, candidate, why, sizeof(why))) {
		refuse(supervisor, candidate, why);
		return;
	}
	if (unauthenticated &&
	    slots_unauthenticated(supervisor->segment) >= unauthenticated_limit(settings)) {
		snprintf(why, sizeof(why), "%u that have not authenticated are the limit",
			 unauthenticated_limit(settings));
		refuse(supervisor, candidate, why);
		return;
	}
	candidate->source = source_enter(supervisor->sources, &candidate->peer,
					 settings->max_clients_per_source);
	if (candidate->source == SOURCE_FULL) {
		snprintf(why, sizeof(why), "%u clients from your address are the limit",
			 settings->max_clients_per_source);
		refuse(supervisor, candidate, why);
		return;
	}
	/* Counted in shared memory: what is written beside the settings is copied by each fork. */
	candidate->serial = (unsigned)counter_read(supervisor->segment, COUNT_CONNECTIONS) + 1;
	candidate->slot = slot_take(supervisor, candidate, unauthenticated);
	if (candidate->slot == -1) {
		source_leave(supervisor->sources, candidate->source);
		snprintf(why, sizeof(why), "%u clients are the limit", settings->max_clients);
		refuse(supervisor, candidate, why);
		return;
	}
	session_fork(supervisor, candidate);
	listener_count(supervisor, listener, candidate->address);
}

/* 1: a client; 0: none is waiting; -1: the system has no means to accept. */
static int candidate_take(struct candidate *candidate)
{
	socklen_t length = sizeof(candidate->peer);
	int flags = SOCK_CLOEXEC | (candidate->listener->endpoint.tls ? SOCK_NONBLOCK : 0);

	candidate->socket = accept4(candidate->listener->fd, (struct sockaddr *)&candidate->peer,
				    &length, flags);
	if (candidate->socket != -1) {
		peer_format(&candidate->peer, length, candidate->address,
			    sizeof(candidate->address));
		return 1;
	}
	/* Whatever is the matter with one connection (accept(2) names several) is not with all. */
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS ? -1 : 0;
}

void admission_accept(struct supervisor *supervisor, struct listener *listener)
{
	unsigned admitted = 0;

	while (admitted < ACCEPT_BURST && listener->fd != -1) {
		struct candidate candidate = {.listener = listener};
		int taken = candidate_take(&candidate);
		if (taken == -1)
			shortage(supervisor, "accept");
		else if (taken == 1)
			candidate_admit(supervisor, &candidate);
		if (supervisor->accept_again_ms >= 0)
			return;
		if (taken == 0)
			break;
		admitted++;
	}
	if (admitted > 0 && supervisor->shortage_logged) {
		log_info("accepting clients again");
		supervisor->shortage_logged = false;
	}
}
