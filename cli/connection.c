/*
 * Sockets to a server. A send timeout bounds connecting and writing; keepalive finds a server
 * that vanished without a word.
 */

#include "connection.h"

#include <bsd/string.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "peer.h"
#include "tls_stream.h"

struct connection {
	int socket;
	struct tls_stream *tls; /* NULL: the socket's bytes as they are */
};

enum { SEND_TIMEOUT_S = 10, KEEPALIVE_IDLE_S = 30, KEEPALIVE_INTERVAL_S = 10, KEEPALIVE_COUNT = 3 };

/* What to do about it, by what the system said; ends with the advice for everything else. */
static const struct advice {
	int error;
	const char *text;
} advices[] = {
	{ENOENT, "Is sprinkled running here? -s SOCKET or -H HOST names another place."},
	{ECONNREFUSED, "Is sprinkled running there? Its setting `listen' names its addresses."},
	{EACCES, "Root, the server's own user and members of its group may connect."},
	{ETIMEDOUT, "Is the machine on, and is the address right?"},
	{EHOSTUNREACH, "Is the machine on, and is the address right?"},
	{ENETUNREACH, "Is the network up, and is the address right?"},
	{0, "sprinkle -h tells how to name another place."},
};

static const char *advice_for(int error)
{
	const struct advice *advice = advices;

	while (advice->error != 0 && advice->error != error)
		advice++;
	return advice->text;
}

static int option_set(int socket, int level, int name, int value)
{
	return setsockopt(socket, level, name, &value, sizeof(value));
}

/* TCP only: small lines at once, and a peer that vanished is found within a minute. */
static int tcp_tune(int socket)
{
	if (option_set(socket, IPPROTO_TCP, TCP_NODELAY, 1) == -1 ||
	    option_set(socket, SOL_SOCKET, SO_KEEPALIVE, 1) == -1 ||
	    option_set(socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S) == -1 ||
	    option_set(socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S) == -1)
		return -1;
	return option_set(socket, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT);
}

/* A connected socket, or -1 with errno. */
static int socket_connect(int family, const struct sockaddr *address, socklen_t length)
{
	const struct timeval timeout = {.tv_sec = SEND_TIMEOUT_S};
	int s = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (s == -1)
		return -1;
	/* socket(7): the send timeout bounds connect(2) too, which then says EINPROGRESS or EAGAIN
	 */
	if (setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0 &&
	    (family == AF_UNIX || tcp_tune(s) == 0) && connect(s, address, length) == 0)
		return s;
	int error = errno == EINPROGRESS || errno == EAGAIN ? ETIMEDOUT : errno;
	(void)close(s); /* nothing was written */
	errno = error;
	return -1;
}

static int unix_connect(const char *path, struct failure *failure)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)strlcpy(address.sun_path, path, sizeof(address.sun_path)); /* target.h: it fits */
	int s = socket_connect(AF_UNIX, (const struct sockaddr *)&address, sizeof(address));
	if (s == -1)
		(void)failure_set(failure, STATUS_LOST, "can't connect to %s: %s\n%s", path,
				  strerror(errno), advice_for(errno));
	return s;
}

/* Note another address that did not do: "can't connect to garden (A: why; B: why)". */
static void tried_note(char *tried, size_t size, const struct addrinfo *address, int error)
{
	struct sockaddr_storage peer = {0};
	char text[PEER_TEXT_SIZE];

	memcpy(&peer, address->ai_addr, address->ai_addrlen);
	(void)snprintf(tried + strlen(tried), size - strlen(tried), "%s%s: %s", *tried ? "; " : "",
		       peer_format(&peer, address->ai_addrlen, text, sizeof(text)),
		       strerror(error)); /* cut is fine */
}

static int addresses_try(const struct target *target, const struct addrinfo *addresses,
			 struct failure *failure)
{
	char tried[512] = "";
	int error = 0;

	for (const struct addrinfo *a = addresses; a; a = a->ai_next) {
		int s = socket_connect(a->ai_family, a->ai_addr, a->ai_addrlen);
		if (s != -1)
			return s;
		error = errno;
		tried_note(tried, sizeof(tried), a, error);
	}
	return failure_set(failure, STATUS_LOST, "can't connect to %s (%s)\n%s", target->name,
			   tried, advice_for(error));
}

static int tcp_connect(const struct target *target, struct failure *failure)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	struct addrinfo *addresses;
	int error = getaddrinfo(target->host, target->port, &hints, &addresses);

	if (error != 0)
		return failure_set(failure, STATUS_LOST, "can't find %s, port %s: %s\n%s",
				   target->host, target->port,
				   error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error),
				   advice_for(0));
	int s = addresses_try(target, addresses, failure);
	freeaddrinfo(addresses);
	return s;
}

/* A machine meant as such is reached by loopback where it has no socket. */
static int target_connect(const struct target *target, struct failure *failure)
{
	if (*target->socket && (!*target->host || access(target->socket, F_OK) == 0))
		return unix_connect(target->socket, failure);
	return tcp_connect(target, failure);
}

struct connection *connection_open(const struct target *target, struct failure *failure)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection) {
		(void)failure_set(failure, STATUS_LOST, "%s", strerror(errno));
		return NULL;
	}
	connection->socket = target_connect(target, failure);
	if (connection->socket == -1)
		goto free_connection;
	if (target->tls)
		connection->tls = tls_stream_open(connection->socket, target, failure);
	if (!target->tls || connection->tls)
		return connection;

	(void)close(connection->socket); /* nothing was written that matters */
free_connection:
	free(connection);
	return NULL;
}

void connection_close(struct connection *connection)
{
	if (!connection)
		return;
	tls_stream_close(connection->tls);
	(void)close(connection->socket); /* every write was already looked at */
	free(connection);
}

int connection_descriptor(const struct connection *connection)
{
	return connection->socket;
}

bool connection_holds(const struct connection *connection)
{
	return connection->tls && tls_stream_holds(connection->tls);
}

ssize_t connection_read(struct connection *connection, void *bytes, size_t size)
{
	if (connection->tls)
		return tls_stream_read(connection->tls, bytes, size);
	return read(connection->socket, bytes, size);
}

int connection_write(struct connection *connection, const void *bytes, size_t size)
{
	const char *rest = bytes;

	if (connection->tls)
		return tls_stream_write(connection->tls, bytes, size);
	while (size > 0) {
		ssize_t count = send(connection->socket, rest, size, MSG_NOSIGNAL);
		if (count == -1 && errno == EINTR)
			continue;
		if (count == -1 && errno == EAGAIN)
			errno = ETIMEDOUT;
		if (count == -1)
			return -1;
		rest += count;
		size -= (size_t)count;
	}
	return 0;
}
