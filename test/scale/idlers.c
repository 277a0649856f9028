/*
 * idlers: hold many idle connections to a server, then end it by ks and tell how long that took.
 *
 *   idlers PORT COUNT SUPERVISOR
 *
 * Says "held COUNT in N ms" once every client has been greeted. At a line (or the end) on its
 * standard input it sends ks, and says "ended in N ms" when the supervisor, which outlives every
 * other process of the server, is gone, and "told COUNT" when each client has read its 421.
 * Its status is 0 only if all of that is so.
 */
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	HOLDER_MAX = 500, /* connections of one process, under the usual limit of 1,024 */
	LIMIT_S = 60,	  /* a server that is silent for longer is stuck */
};

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool begins_with(const char *text, const char *code)
{
	return strncmp(text, code, strlen(code)) == 0;
}

/* Read one line into text; "" when the connection ends or is silent for LIMIT_S. */
static void line_read(int fd, char *text, size_t size)
{
	size_t length = 0;

	while (length + 1 < size && recv(fd, text + length, 1, 0) == 1 && text[length] != '\n')
		length++;
	text[length] = '\0';
}

/* A connection that has been greeted; exits otherwise. */
static int client_open(in_port_t port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct timeval limit = {.tv_sec = LIMIT_S};
	char line[256];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == -1 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) == -1)
		err(EXIT_FAILURE, "connect");
	line_read(fd, line, sizeof(line));
	if (!begins_with(line, "220 "))
		errx(EXIT_FAILURE, "not greeted: %s", line);
	return fd;
}

/* Hold count clients until each is told that the server ends. */
static void __attribute__((noreturn)) holder_main(in_port_t port, int count, int ready)
{
	int fds[HOLDER_MAX], told = 0;
	char line[256];

	for (int i = 0; i < count; i++)
		fds[i] = client_open(port);
	if (write(ready, "R", 1) != 1)
		err(EXIT_FAILURE, "write");
	close(ready);
	for (int i = 0; i < count; i++) {
		struct pollfd polled = {.fd = fds[i], .events = POLLIN};
		(void)poll(&polled, 1, -1); /* as long as it takes: what comes then is looked at */
		line_read(fds[i], line, sizeof(line));
		told += begins_with(line, "421 ");
	}
	if (told != count)
		errx(EXIT_FAILURE, "%d of %d clients were not told", count - told, count);
	exit(EXIT_SUCCESS);
}

/* Returns how many processes hold the clients. */
static int holders_start(in_port_t port, int count)
{
	int holders = 0, ready[2];
	char byte;

	if (pipe(ready) == -1)
		err(EXIT_FAILURE, "pipe");
	for (int left = count; left > 0; left -= HOLDER_MAX, holders++) {
		pid_t pid = fork();
		if (pid == -1)
			err(EXIT_FAILURE, "fork");
		if (pid == 0)
			holder_main(port, left < HOLDER_MAX ? left : HOLDER_MAX, ready[1]);
	}
	close(ready[1]);
	for (int i = 0; i < holders; i++)
		if (read(ready[0], &byte, 1) != 1)
			errx(EXIT_FAILURE, "not all clients are held");
	close(ready[0]);
	return holders;
}

/* Send ks; the milliseconds until the supervisor is gone. */
static double server_end(in_port_t port, pid_t supervisor)
{
	int client = client_open(port), pidfd = (int)syscall(SYS_pidfd_open, supervisor, 0);
	struct pollfd polled = {.fd = pidfd, .events = POLLIN};
	double began_ms = now_ms();

	if (pidfd == -1 || send(client, "ks\n", 3, MSG_NOSIGNAL) != 3)
		err(EXIT_FAILURE, "ks");
	if (poll(&polled, 1, LIMIT_S * 1000) != 1)
		errx(EXIT_FAILURE, "the server did not end");
	return now_ms() - began_ms;
}

static bool holders_wait(int holders)
{
	bool good = true;
	int status;

	for (int i = 0; i < holders; i++)
		good = wait(&status) != -1 && status == 0 && good;
	return good;
}

int main(int argc, char *argv[])
{
	char line[16];

	if (argc != 4)
		errx(2, "usage: idlers PORT COUNT SUPERVISOR");
	in_port_t port = (in_port_t)strtoul(argv[1], NULL, 10);
	int count = (int)strtol(argv[2], NULL, 10);
	double began_ms = now_ms();
	int holders = holders_start(port, count);

	printf("held %d in %.0f ms\n", count, now_ms() - began_ms);
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	(void)!fgets(line, sizeof(line), stdin); /* a line or the end: both mean go on */
	printf("ended in %.0f ms\n", server_end(port, (pid_t)strtol(argv[3], NULL, 10)));
	if (!holders_wait(holders))
		return EXIT_FAILURE;
	printf("told %d\n", count);
	return EXIT_SUCCESS;
}
