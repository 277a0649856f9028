/*
 * thread_server: a thread for each client.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "listening.h"
#include "talk.h"

static void *serve(void *argument)
{
	int client = (int)(intptr_t)argument;
	struct talk talk;
	bool on = talk_begin(&talk, client);

	while (on)
		on = talk_advance(&talk, client, client);
	close(client);
	return NULL;
}

int main(void)
{
	int listener = listen_anywhere();
	pthread_attr_t detached;
	pthread_t thread;

	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || pthread_attr_init(&detached) != 0 ||
	    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED) != 0)
		return EXIT_FAILURE;
	for (;;) {
		int client = accept(listener, NULL, NULL);
		if (client != -1 &&
		    pthread_create(&thread, &detached, serve, (void *)(intptr_t)client) != 0)
			close(client);
	}
}
