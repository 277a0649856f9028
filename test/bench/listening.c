/*
 * listening.c: the socket that every reference server listens on.
 */
#include "listening.h"

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { BACKLOG = 1024 };

int listen_anywhere(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&address, length) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) == -1 ||
	    listen(fd, BACKLOG) == -1)
		err(EXIT_FAILURE, "listen");
	printf("%d\n", ntohs(address.sin_port));
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	return fd;
}
