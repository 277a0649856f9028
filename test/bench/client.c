/*
 * client.c: blocking sockets; what is timed is between a send and the last byte of its reply.
 */
#include "client.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS_OWN = 16 };

int64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void client_open(struct client *client, in_port_t port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	client->held = 0;
	client->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->socket == -1 ||
	    connect(client->socket, (const struct sockaddr *)&address, sizeof(address)) == -1)
		err(EXIT_FAILURE, "connect");
	if (!client_reply(client))
		errx(EXIT_FAILURE, "not greeted");
}

/* False at the connection's end. */
static bool client_fill(struct client *client)
{
	ssize_t count = recv(client->socket, client->bytes + client->held,
			     sizeof(client->bytes) - client->held, 0);

	if (count <= 0)
		return false;
	client->held += (size_t)count;
	return true;
}

static bool is_final(const char *line, size_t length)
{
	return length >= 4 && isdigit((unsigned char)line[0]) && line[3] == ' ';
}

/* Cut off what is before and with the line's end. */
static void client_drop(struct client *client, const char *end)
{
	client->held -= (size_t)(end + 1 - client->bytes);
	memmove(client->bytes, end + 1, client->held);
}

bool client_reply(struct client *client)
{
	for (;;) {
		const char *end = memchr(client->bytes, '\n', client->held);
		if (end == NULL) {
			if (!client_fill(client))
				return false;
			continue;
		}
		bool final = is_final(client->bytes, (size_t)(end - client->bytes));
		client_drop(client, end);
		if (final)
			return true;
	}
}

const char *client_line(struct client *client)
{
	static char line[sizeof(client->bytes)];
	const char *end;

	while ((end = memchr(client->bytes, '\n', client->held)) == NULL)
		if (!client_fill(client))
			return NULL;
	memcpy(line, client->bytes, (size_t)(end - client->bytes));
	line[end - client->bytes] = '\0';
	client_drop(client, end);
	return line;
}

void client_send(struct client *client, const char *text)
{
	size_t length = strlen(text);

	if (send(client->socket, text, length, MSG_NOSIGNAL) != (ssize_t)length)
		err(EXIT_FAILURE, "send");
}

void client_ask(struct client *client, const char *line)
{
	client_send(client, line);
	if (!client_reply(client))
		errx(EXIT_FAILURE, "no reply to %s", line);
}

void client_close(struct client *client)
{
	do
		client->held = 0;
	while (client_fill(client));
	close(client->socket);
}

void descriptors_want(unsigned count)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		err(EXIT_FAILURE, "getrlimit");
	limit.rlim_cur = count + DESCRIPTORS_OWN;
	if (limit.rlim_cur > limit.rlim_max || setrlimit(RLIMIT_NOFILE, &limit) == -1)
		errx(EXIT_FAILURE, "%u descriptors can't be had", count);
}
