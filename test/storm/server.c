/*
 * server.c: starting, asking and ending the server that the storm beats on.
 */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_LIMIT_MS = 10000, STOP_LIMIT_MS = 10000 };

long monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void option(char *arguments[], int *count, const char *format, const char *value)
{
	char *text;

	arguments[(*count)++] = strdup("-o");
	if (asprintf(&text, format, value) == -1)
		abort();
	arguments[(*count)++] = text;
}

static void options_fill(const struct server *server, char *arguments[], int *count)
{
	option(arguments, count, "user=%s", "");
	option(arguments, count, "run_dir=%s", server->folder);
	option(arguments, count, "state_dir=%s", server->folder);
	option(arguments, count, "profiles_file=%s/none.yml", server->folder);
	option(arguments, count, "users_file=%s/none", server->folder);
	option(arguments, count, "sim_fault=pins=%s/pins", server->folder);
	option(arguments, count, "max_clients=%s", "1024");
	option(arguments, count, "max_clients_per_source=%s", "1024");
	option(arguments, count, "min_switch=%s", "5ms");
	option(arguments, count, "log=%s/log", server->folder);
	option(arguments, count, "log_level=%s", "error");
}

static pid_t program_spawn(const struct server *server, const char *mode, int ready_fd)
{
	char *arguments[64] = {strdup(server->program), strdup(mode)}, number[16];
	int count = 2;

	options_fill(server, arguments, &count);
	if (ready_fd != -1) {
		snprintf(number, sizeof(number), "%d", ready_fd);
		arguments[count++] = strdup("-R");
		arguments[count++] = number;
		arguments[count++] = strdup("-l");
		arguments[count++] = strdup("control@127.0.0.1:0");
	}
	pid_t pid = fork();
	if (pid == 0) {
		execv(server->program, arguments);
		_exit(127);
	}
	for (int i = 0; i < count; i++)
		if (arguments[i] != number)
			free(arguments[i]);
	return pid;
}

int server_start(struct server *server)
{
	char line[512] = "";
	int ready[2];

	if (pipe(ready) == -1 || fcntl(ready[0], F_SETFD, FD_CLOEXEC) == -1)
		return -1;
	server->supervisor = program_spawn(server, "-f", ready[1]);
	close(ready[1]);
	struct pollfd polled = {.fd = ready[0], .events = POLLIN};
	ssize_t got = poll(&polled, 1, START_LIMIT_MS) == 1 ? read(ready[0], line, 511) : -1;
	close(ready[0]);
	const char *address = got > 0 ? strstr(line, "127.0.0.1:") : NULL;
	if (!address) {
		fprintf(stderr, "the server did not get ready (%s)\n", line);
		return -1;
	}
	server->port = (unsigned)strtoul(address + strlen("127.0.0.1:"), NULL, 10);
	return 0;
}

static int end_wait(pid_t pid, int limit_ms)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), status = -1;
	struct pollfd polled = {.fd = pidfd, .events = POLLIN};

	if (pidfd != -1 && poll(&polled, 1, limit_ms) == 1)
		waitpid(pid, &status, 0);
	close(pidfd);
	return status;
}

int server_stop(struct server *server)
{
	char reply[1024];

	if (server_talk(server, "ks\n", reply, sizeof(reply), STOP_LIMIT_MS) == -1)
		return -1;
	return end_wait(server->supervisor, STOP_LIMIT_MS);
}

int server_open_relays(const struct server *server)
{
	return end_wait(program_spawn(server, "-O", -1), STOP_LIMIT_MS) == 0 ? 0 : -1;
}

int server_connect(const struct server *server)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)server->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd != -1 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd != -1)
		close(fd);
	return -1;
}

ssize_t server_talk(const struct server *server, const char *request, char *reply, size_t size,
		    int limit_ms)
{
	long end_ms = monotonic_ms() + limit_ms;
	size_t length = 0;
	int fd = server_connect(server);

	if (fd == -1)
		return -1;
	ssize_t sent = send(fd, request, strlen(request), MSG_NOSIGNAL);
	ssize_t got = sent == (ssize_t)strlen(request) && shutdown(fd, SHUT_WR) == 0 ? 1 : -1;
	while (got > 0 && length + 1 < size) {
		struct pollfd polled = {.fd = fd, .events = POLLIN};
		long left_ms = end_ms - monotonic_ms();
		got = left_ms > 0 && poll(&polled, 1, (int)left_ms) == 1
			      ? read(fd, reply + length, size - 1 - length)
			      : -1;
		if (got > 0)
			length += (size_t)got;
	}
	close(fd);
	reply[length] = '\0';
	return got == -1 ? -1 : (ssize_t)length;
}

long server_pins(const struct server *server)
{
	char path[128], pins[SERVER_RELAYS + 1] = "";
	long set = 0;

	snprintf(path, sizeof(path), "%s/pins", server->folder);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	ssize_t got = read(fd, pins, SERVER_RELAYS);
	close(fd);
	if (got != SERVER_RELAYS)
		return -1;
	for (int i = 0; i < SERVER_RELAYS; i++)
		set |= (long)(pins[i] == '1') << i;
	return set;
}

pid_t keeper_in(const char *gat_reply)
{
	const char *line = strstr(gat_reply, "200-keeper ");

	return line ? (pid_t)strtol(line + strlen("200-keeper "), NULL, 10) : 0;
}

size_t sessions_in(const char *gat_reply, pid_t pids[], size_t max)
{
	static const char mark[] = "200-session ";
	size_t count = 0;

	for (const char *line = strstr(gat_reply, mark); line && count < max;
	     line = strstr(line + 1, mark))
		pids[count++] = (pid_t)strtol(line + strlen(mark), NULL, 10);
	return count;
}
