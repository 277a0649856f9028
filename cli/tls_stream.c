/*
 * libtls over our own two functions, so that a server that is gone is an error and no SIGPIPE, and
 * reading never blocks. Writing blocks for as long as the socket's send timeout says.
 */

#include "tls_stream.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <tls.h>
#include "clock.h"
#include "trust.h"

enum { HANDSHAKE_TIMEOUT_MS = 10000, WRITE_TIMEOUT_MS = 10000 };

struct tls_stream {
	int socket;
	struct tls *tls;
	int error;  /* what the socket said last; 0 nothing bad */
	bool holds; /* the last read gave bytes, so there may be more of them */
};

static ssize_t socket_receive(struct tls *tls, void *bytes, size_t size, void *argument)
{
	struct tls_stream *stream = argument;
	ssize_t count = recv(stream->socket, bytes, size, MSG_DONTWAIT);

	(void)tls;
	if (count == -1 && (errno == EAGAIN || errno == EINTR))
		return TLS_WANT_POLLIN;
	if (count <= 0)
		stream->error = count == 0 ? ECONNRESET : errno;
	return count;
}

static ssize_t socket_send(struct tls *tls, const void *bytes, size_t size, void *argument)
{
	struct tls_stream *stream = argument;
	ssize_t count;

	(void)tls;
	do
		count = send(stream->socket, bytes, size, MSG_NOSIGNAL);
	while (count == -1 && errno == EINTR);
	if (count == -1 && errno == EAGAIN)
		errno = ETIMEDOUT;
	if (count == -1)
		stream->error = errno;
	return count;
}

/* Wait for what libtls wants to see. False when that was not in time. */
static bool wanted_await(const struct tls_stream *stream, ssize_t wanted, int64_t deadline_ms)
{
	struct pollfd ready = {
		.fd = stream->socket,
		.events = wanted == TLS_WANT_POLLIN ? POLLIN : POLLOUT,
	};
	int64_t left_ms = deadline_ms - clock_monotonic_ms();

	return left_ms > 0 && poll(&ready, 1, (int)left_ms) != 0; /* a signal: tried again */
}

/* What went wrong in the handshake, and what can be done. */
static int handshake_fail(const struct tls_stream *stream, const struct target *target,
			  struct failure *failure)
{
	const char *why = tls_error(stream->tls);

	if (stream->error != 0)
		return failure_set(failure, STATUS_LOST,
				   "%s: no TLS came about: %s\n"
				   "Is it a listener with +tls? A server that is full closes, too.",
				   target->name, strerror(stream->error));
	return failure_set(failure, STATUS_LOST, "%s: no TLS came about: %s\n%s", target->name,
			   why ? why : "unknown error",
			   target->ca_file
				   ? "The authority of --ca has to vouch for this very name."
				   : "Is it a listener with +tls?");
}

static int handshake(struct tls_stream *stream, const struct target *target,
		     struct failure *failure)
{
	int64_t deadline_ms = clock_monotonic_ms() + HANDSHAKE_TIMEOUT_MS;
	int result;

	while ((result = tls_handshake(stream->tls)) != 0) {
		if (result == -1)
			return handshake_fail(stream, target, failure);
		if (!wanted_await(stream, result, deadline_ms))
			return failure_set(failure, STATUS_LOST,
					   "%s: connected, but no TLS came about within %d "
					   "seconds\nIs it a listener with +tls?",
					   target->name, HANDSHAKE_TIMEOUT_MS / 1000);
	}
	return 0;
}

/* "garden.example:5051", "[2001:db8::1]:5051": under what a certificate is remembered. */
static void place_format(const struct target *target, char *place, size_t size)
{
	bool ipv6 = strchr(target->host, ':') != NULL;

	(void)snprintf(place, size, "%s%s%s:%s", ipv6 ? "[" : "", target->host, ipv6 ? "]" : "",
		       target->port); /* it fits */
	for (char *at = place; *at; at++)
		*at = (char)tolower((unsigned char)*at);
}

static int peer_trust(struct tls *tls, const struct target *target, struct failure *failure)
{
	char place[2 * HOST_COLUMN_SIZE + 4];
	const struct certificate certificate = {
		.fingerprint = tls_peer_cert_hash(tls),
		.not_before = tls_peer_cert_notbefore(tls),
		.not_after = tls_peer_cert_notafter(tls),
	};

	if (target->ca_file)
		return 0; /* the handshake was the proof */
	if (!certificate.fingerprint)
		return failure_set(failure, STATUS_LOST, "%s: it shows no certificate",
				   target->name);
	place_format(target, place, sizeof(place));
	return trust_decide(place, &certificate, target->accept_new, failure);
}

static struct tls_config *config_make(const struct target *target, struct failure *failure)
{
	struct tls_config *config = tls_config_new();

	if (!config) {
		(void)failure_set(failure, STATUS_LOST, "no memory is left");
		return NULL;
	}
	if (!target->ca_file) { /* peer_trust looks at the certificate itself, its time included */
		tls_config_insecure_noverifycert(config);
		tls_config_insecure_noverifyname(config);
	}
	if (tls_config_set_protocols(config, TLS_PROTOCOL_TLSv1_2 | TLS_PROTOCOL_TLSv1_3) == 0 &&
	    (!target->ca_file || tls_config_set_ca_file(config, target->ca_file) == 0))
		return config;
	(void)failure_set(failure, STATUS_USAGE, "--ca: %s", tls_config_error(config));
	tls_config_free(config);
	return NULL;
}

/* A context that is about to shake hands over the stream's socket. */
static int client_make(struct tls_stream *stream, const struct target *target,
		       struct failure *failure)
{
	struct tls_config *config = config_make(target, failure);
	int made = -1;

	if (!config)
		return -1;
	stream->tls = tls_client();
	if (!stream->tls)
		(void)failure_set(failure, STATUS_LOST, "no memory is left");
	else if (tls_configure(stream->tls, config) == -1 ||
		 tls_connect_cbs(stream->tls, socket_receive, socket_send, stream, target->host) ==
			 -1)
		(void)failure_set(failure, STATUS_USAGE, "%s%s: %s", target->ca_file ? "--ca " : "",
				  target->ca_file ? target->ca_file : target->name,
				  tls_error(stream->tls)); /* the file is all that can be wrong */
	else
		made = 0;
	tls_config_free(config);
	return made;
}

struct tls_stream *tls_stream_open(int socket, const struct target *target, struct failure *failure)
{
	struct tls_stream *stream = calloc(1, sizeof(*stream));

	if (!stream) {
		(void)failure_set(failure, STATUS_LOST, "%s", strerror(errno));
		return NULL;
	}
	stream->socket = socket;
	if (client_make(stream, target, failure) == 0 && handshake(stream, target, failure) == 0 &&
	    peer_trust(stream->tls, target, failure) == 0)
		return stream;
	tls_stream_close(stream);
	return NULL;
}

void tls_stream_close(struct tls_stream *stream)
{
	if (!stream)
		return;
	if (stream->tls)
		(void)tls_close(stream->tls); /* a server that is gone misses it */
	tls_free(stream->tls);
	free(stream);
}

ssize_t tls_stream_read(struct tls_stream *stream, void *bytes, size_t size)
{
	ssize_t count = tls_read(stream->tls, bytes, size);

	stream->holds = count > 0;
	if (count >= 0)
		return count;
	if (count == TLS_WANT_POLLIN || count == TLS_WANT_POLLOUT)
		errno = EAGAIN;
	else
		errno = stream->error != 0 ? stream->error : EBADMSG;
	return -1;
}

int tls_stream_write(struct tls_stream *stream, const void *bytes, size_t size)
{
	int64_t deadline_ms = clock_monotonic_ms() + WRITE_TIMEOUT_MS;
	const char *rest = bytes;

	while (size > 0) {
		ssize_t count = tls_write(stream->tls, rest, size);
		if (count >= 0) {
			rest += count;
			size -= (size_t)count;
		} else if (count == -1) {
			errno = stream->error != 0 ? stream->error : EBADMSG;
			return -1;
		} else if (!wanted_await(stream, count, deadline_ms)) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	return 0;
}

bool tls_stream_holds(const struct tls_stream *stream)
{
	return stream->holds;
}
