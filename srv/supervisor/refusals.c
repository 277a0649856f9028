/*
 * refusals.c: what a client hears that can't be served. It costs no process, and one line of log
 * for all of some seconds.
 */
#include "supervisor/refusals.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "clock.h"
#include "log/audit.h"
#include "state/counters.h"
#include "supervisor/supervisor.h"

enum { LOG_PAUSE_MS = 5000 };

static void oldest_close(struct refusals *refusals)
{
	close(refusals->held[refusals->first].socket);
	refusals->first = (refusals->first + 1) % REFUSALS_MAX;
	refusals->count--;
}

void refusals_close_due(struct refusals *refusals, int64_t now_ms)
{
	while (refusals->count > 0 && refusals->held[refusals->first].close_ms <= now_ms)
		oldest_close(refusals);
}

void refusals_close_all(struct refusals *refusals)
{
	while (refusals->count > 0)
		oldest_close(refusals);
}

int64_t refusals_next_ms(const struct refusals *refusals)
{
	return refusals->count > 0 ? refusals->held[refusals->first].close_ms : -1;
}

static void socket_hold(struct refusals *refusals, int socket, int64_t now_ms)
{
	if (refusals->count == REFUSALS_MAX)
		oldest_close(refusals);
	refusals->held[(refusals->first + refusals->count++) % REFUSALS_MAX] =
		(struct refusal){.socket = socket, .close_ms = now_ms + REFUSAL_LINGER_MS};
}

static void refusal_log(struct refusals *refusals, const char *address, const char *why,
			int64_t now_ms)
{
	if (now_ms - refusals->logged_ms < LOG_PAUSE_MS) {
		refusals->unlogged++;
		return;
	}
	const struct audit_subject subject = {.user = "", .from = address};
	audit_denied(&subject, "connection", "why=\"%s\" unlogged=%u", why, refusals->unlogged);
	refusals->unlogged = 0;
	refusals->logged_ms = now_ms;
}

void refusal_tell(struct supervisor *supervisor, const struct listener *listener, int socket,
		  const char *address, const char *why)
{
	char line[256];
	int64_t now_ms = clock_monotonic_ms();
	int length = snprintf(line, sizeof(line), listener->service->busy_format, why);

	/* Inside TLS nothing can be said before the handshake, which would cost a process. */
	if (length > 0 && !listener->endpoint.tls)
		(void)send(socket, line, (size_t)length,
			   MSG_DONTWAIT | MSG_NOSIGNAL); /* a client that is gone needs no reason */
	(void)shutdown(socket, SHUT_WR);
	socket_hold(&supervisor->refusals, socket, now_ms);
	counter_add(supervisor->segment, COUNT_REFUSED, 1);
	refusal_log(&supervisor->refusals, address, why, now_ms);
}
