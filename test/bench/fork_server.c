/*
 * fork_server: the floor. As little as a server that forks a child for each connection can do:
 * accept, fork, close; the children are reaped by the kernel.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "listening.h"
#include "talk.h"

static void __attribute__((noreturn)) serve(int client)
{
	struct talk talk;
	bool on = talk_begin(&talk, client);

	while (on)
		on = talk_advance(&talk, client, client);
	exit(EXIT_SUCCESS);
}

int main(void)
{
	int listener = listen_anywhere();

	if (signal(SIGCHLD, SIG_IGN) == SIG_ERR)
		return EXIT_FAILURE;
	for (;;) {
		int client = accept(listener, NULL, NULL);
		if (client == -1)
			continue;
		if (fork() == 0) {
			close(listener);
			serve(client);
		}
		close(client); /* also of a client that no child could be had for */
	}
}
