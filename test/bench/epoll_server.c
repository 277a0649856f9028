/*
 * epoll_server: one process and one loop for all clients.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "listening.h"
#include "talk.h"

enum { EVENTS_MAX = 64 };

struct client {
	int socket;
	struct talk talk;
};

static void client_drop(struct client *client)
{
	close(client->socket);
	free(client);
}

static void client_take(int poller, int listener)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct client *client = malloc(sizeof(*client));

	if (client == NULL)
		return;
	event.data.ptr = client;
	client->socket = accept(listener, NULL, NULL);
	if (client->socket == -1 || !talk_begin(&client->talk, client->socket) ||
	    epoll_ctl(poller, EPOLL_CTL_ADD, client->socket, &event) == -1)
		client_drop(client);
}

int main(void)
{
	int listener = listen_anywhere(), poller = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[EVENTS_MAX], accepting = {.events = EPOLLIN};

	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || poller == -1 ||
	    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &accepting) == -1)
		return EXIT_FAILURE;
	for (;;) {
		int count = epoll_wait(poller, events, EVENTS_MAX, -1);
		for (int i = 0; i < count; i++) {
			struct client *client = events[i].data.ptr;
			if (client == NULL)
				client_take(poller, listener);
			else if (!talk_advance(&client->talk, client->socket, client->socket))
				client_drop(client);
		}
	}
}
