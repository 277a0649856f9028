/*
 * tls_transport.c: a client's bytes inside TLS. libtls never waits: the socket is non-blocking, and
 * what it wants to see there is waited for where signals and deadlines are known.
 */
#include "tls/tls_transport.h"

#include <bsd/string.h>
#include <errno.h>
#include <poll.h>
#include <tls.h>
#include "log/log.h"

/* libtls's result as that of a system call. */
static ssize_t result_of(struct tls *stream, ssize_t result, short *events)
{
	if (result >= 0)
		return result;
	errno = EAGAIN;
	if (result == TLS_WANT_POLLIN) {
		*events = POLLIN;
	} else if (result == TLS_WANT_POLLOUT) {
		*events = POLLOUT;
	} else {
		log_debug("TLS: %s", tls_error(stream));
		errno = EPROTO;
	}
	return -1;
}

static ssize_t tls_transport_receive(void *stream, char *bytes, size_t size, short *events)
{
	return result_of(stream, tls_read(stream, bytes, size), events);
}

static ssize_t tls_transport_send(void *stream, const char *bytes, size_t size, short *events)
{
	return result_of(stream, tls_write(stream, bytes, size), events);
}

struct transport tls_transport_of(struct tls *stream)
{
	return (struct transport){
		.receive = tls_transport_receive,
		.send = tls_transport_send,
		.stream = stream,
	};
}

/* 0 when it is done, else -1 with *why as of tls_transport_begin. */
static int handshake(struct tls *stream, struct channel *channel, int64_t deadline_ms,
		     const char **why)
{
	for (;;) {
		int result = tls_handshake(stream);
		if (result == 0)
			return 0;
		*why = tls_error(stream);
		if (result == -1)
			return -1;
		switch (channel_await(channel, result == TLS_WANT_POLLIN ? POLLIN : POLLOUT,
				      deadline_ms)) {
		case CHANNEL_INPUT:
		case CHANNEL_EVENT: /* of an earlier process with this number: not for us */
			break;
		case CHANNEL_SHUTDOWN:
			*why = NULL;
			return -1;
		case CHANNEL_DEADLINE:
			*why = "not done in time";
			return -1;
		case CHANNEL_LOST:
			*why = "the connection was lost";
			return -1;
		}
	}
}

struct tls *tls_transport_begin(struct tls *server, int socket, int64_t deadline_ms,
				const char **why)
{
	static struct channel channel; /* for its waiting; the session makes its own */
	static char words[256];
	struct tls *stream;

	channel_init(&channel, socket, NULL);
	if (tls_accept_socket(server, &stream, socket) == -1) {
		*why = tls_error(server);
		return NULL;
	}
	if (handshake(stream, &channel, deadline_ms, why) == 0)
		return stream;
	if (*why) {
		(void)strlcpy(words, *why, sizeof(words)); /* cut is fine */
		*why = words;
	}
	tls_free(stream);
	return NULL;
}

void tls_transport_end(struct tls *stream)
{
	(void)tls_close(stream); /* a client that is gone, or reads nothing, misses it */
	tls_free(stream);
}
