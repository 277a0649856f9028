/*
 * listeners.c: from "service@address" to a listening socket and back to text.
 */
#include "supervisor/listeners.h"

#include <bsd/string.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "peer.h"

enum {
	BACKLOG = 1024,
	KEEPALIVE_PROBES = 3,
	UNIX_MODE = 0666, /* the peer's uid is its credential, not the file's mode */
};

static int option_set(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

/*
 * A vanished peer is found after twice the keepalive time: by probes while nothing is on its way to
 * it, by TCP_USER_TIMEOUT while something is, which tcp(7) would else send again for a quarter of
 * an hour.
 */
static int vanishing_prepare(int fd, int64_t keepalive_ms)
{
	int idle_s = (int)((keepalive_ms + 999) / 1000);
	int interval_s = (idle_s + KEEPALIVE_PROBES - 1) / KEEPALIVE_PROBES;

	if (option_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1) == -1 ||
	    option_set(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle_s) == -1 ||
	    option_set(fd, IPPROTO_TCP, TCP_KEEPINTVL, interval_s) == -1 ||
	    option_set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES) == -1)
		return -1;
	return option_set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 2 * 1000 * idle_s);
}

/* Accepted sockets inherit all of this: no system calls a connection. */
static int clients_prepare(int fd, int64_t keepalive_ms)
{
	if (vanishing_prepare(fd, keepalive_ms) == -1)
		return -1;
	return option_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

static int tcp_prepare(int fd, int family, int64_t keepalive_ms)
{
	if (option_set(fd, SOL_SOCKET, SO_REUSEADDR, 1) == -1 ||
	    clients_prepare(fd, keepalive_ms) == -1)
		return -1;
	return family == AF_INET6 ? option_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) : 0;
}

/* Remove a socket file that a killed server left; one that is answered at stays. */
static int unix_prepare(const struct sockaddr_storage *address, socklen_t length)
{
	const char *path = ((const struct sockaddr_un *)address)->sun_path;
	struct stat status;

	if (lstat(path, &status) == -1)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(status.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (probe == -1)
		return -1;
	int answered =
		connect(probe, (const struct sockaddr *)address, length) == 0 || errno == EAGAIN;
	close(probe);
	if (answered) {
		errno = EADDRINUSE;
		return -1;
	}
	return unlink(path);
}

static int socket_listen(const struct endpoint *endpoint, int64_t keepalive_ms)
{
	int family = endpoint->sockaddr.ss_family;
	const struct sockaddr *address = (const struct sockaddr *)&endpoint->sockaddr;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd == -1)
		return -1;
	int prepared = family == AF_UNIX
			       ? unix_prepare(&endpoint->sockaddr, endpoint->sockaddr_length)
			       : tcp_prepare(fd, family, keepalive_ms);
	if (prepared == -1 || bind(fd, address, endpoint->sockaddr_length) == -1)
		goto close_socket;
	if (family == AF_UNIX &&
	    chmod(((const struct sockaddr_un *)address)->sun_path, UNIX_MODE) == -1)
		goto close_socket;
	if (listen(fd, BACKLOG) == -1)
		goto close_socket;
	return fd;

close_socket:;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Whoever made it has bound it and listens, perhaps with a short backlog. */
static int socket_adopt(int fd, int family, int64_t keepalive_ms)
{
	if (family != AF_UNIX && clients_prepare(fd, keepalive_ms) == -1)
		return -1;
	return listen(fd, BACKLOG);
}

/* The address with the port that the system chose where 0 was asked for. */
static int address_learn(struct listener *listener)
{
	struct sockaddr_storage bound;
	socklen_t length = sizeof(bound);

	if (listener->endpoint.sockaddr.ss_family == AF_UNIX) {
		strlcpy(listener->address, listener->endpoint.address, sizeof(listener->address));
		return 0;
	}
	if (getsockname(listener->fd, (struct sockaddr *)&bound, &length) == -1)
		return -1;
	peer_format(&bound, length, listener->address, sizeof(listener->address));
	return 0;
}

static int listener_listen(struct listener *listener, const struct inherited *inherited,
			   int64_t keepalive_ms)
{
	const struct endpoint *endpoint = &listener->endpoint;

	listener->fd = inherited_find(inherited, endpoint->address);
	listener->inherited = listener->fd != -1;
	if (listener->inherited)
		return socket_adopt(listener->fd, endpoint->sockaddr.ss_family, keepalive_ms);
	listener->fd = socket_listen(endpoint, keepalive_ms);
	return listener->fd == -1 ? -1 : 0;
}

static int listener_open(struct listener *listener, const char *text,
			 const struct inherited *inherited, int64_t keepalive_ms, char *error,
			 size_t size)
{
	const char *why;

	*listener = (struct listener){.fd = -1};
	if (endpoint_parse(text, &listener->endpoint, &why) == -1) {
		snprintf(error, size, "listen: %s: %s", text, why);
		return -1;
	}
	listener->service = service_find(listener->endpoint.service);
	if (!listener->service) {
		snprintf(error, size, "listen: %s: there is no service %s", text,
			 listener->endpoint.service);
		return -1;
	}
	snprintf(listener->name, sizeof(listener->name), "%s%s", listener->service->name,
		 listener->endpoint.tls ? "+tls" : "");
	if (listener->endpoint.max > 0) {
		listener->peers = calloc(listener->endpoint.max, sizeof(*listener->peers));
		if (!listener->peers) {
			snprintf(error, size, "listen: %s: %s", text, strerror(errno));
			return -1;
		}
	}
	if (listener_listen(listener, inherited, keepalive_ms) == -1 ||
	    address_learn(listener) == -1) {
		snprintf(error, size, "listen: %s: %s%s", text, strerror(errno),
			 errno == EADDRINUSE ? "; another program listens there" : "");
		return -1;
	}
	return 0;
}

int listeners_open(struct listeners *listeners, const struct settings *settings,
		   const struct inherited *inherited, char *error, size_t size)
{
	*listeners = (struct listeners){0};
	for (unsigned i = 0; i < settings->listen_count; i++) {
		struct listener *listener = &listeners->listener[listeners->count++];
		if (listener_open(listener, settings->listen[i], inherited, settings->keepalive_ms,
				  error, size) == -1) {
			free(listener->peers);
			listener->peers = NULL;
			if (listener->fd != -1)
				listeners->open++;
			listeners_close(listeners);
			return -1;
		}
		listeners->open++;
	}
	return 0;
}

void listener_close(struct listeners *listeners, struct listener *listener)
{
	if (listener->fd == -1)
		return;
	if (listener->endpoint.sockaddr.ss_family == AF_UNIX && !listener->inherited)
		(void)unlink(((struct sockaddr_un *)&listener->endpoint.sockaddr)
				     ->sun_path); /* gone already is as good */
	close(listener->fd);
	free(listener->peers);
	listener->peers = NULL;
	listener->fd = -1;
	listeners->open--;
}

void listeners_close(struct listeners *listeners)
{
	for (size_t i = 0; i < listeners->count; i++)
		listener_close(listeners, &listeners->listener[i]);
}

char *listeners_format(const struct listeners *listeners, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < listeners->count; i++) {
		const struct listener *listener = &listeners->listener[i];
		if (listener->fd == -1)
			continue;
		if (text[0])
			strlcat(text, " ", size);
		strlcat(text, listener->name, size);
		strlcat(text, "@", size);
		strlcat(text, listener->address, size);
	}
	return text;
}
