/*
 * inherited.c: taking over listening sockets. Nothing of systemd is linked: its protocol is three
 * words of the environment.
 */
#include "supervisor/inherited.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>
#include "peer.h"
#include "terminal.h"

enum {
	SYSTEMD_FIRST = 3, /* SD_LISTEN_FDS_START of sd_listen_fds(3) */
	/* Sessions close all that lies above what they share: so these lie there. */
	INHERITED_FIRST = 64,
};

#define DEFAULT_SERVICE "control"

static int is_listening(int fd)
{
	int listening = 0, type = 0;
	socklen_t size = sizeof(int);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

static int socket_take(struct inherited *inherited, int fd, const char *service, char *error,
		       size_t size)
{
	struct inherited_socket *taken = &inherited->socket[inherited->count];
	struct sockaddr_storage bound;
	socklen_t length = sizeof(bound);
	char address[128];

	if (!is_listening(fd)) {
		snprintf(error, size,
			 "descriptor %d is no listening stream socket; inetd has to start this as "
			 "a \"stream\" service with \"wait\", systemd with Accept=no",
			 fd);
		return -1;
	}
	if (inherited->count == SETTINGS_LISTENERS_MAX) {
		snprintf(error, size, "more than %d sockets were handed over",
			 SETTINGS_LISTENERS_MAX);
		return -1;
	}
	taken->fd = fcntl(fd, F_DUPFD_CLOEXEC, INHERITED_FIRST);
	int flags = fcntl(fd, F_GETFL);
	if (taken->fd == -1 || flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    getsockname(fd, (struct sockaddr *)&bound, &length) == -1) {
		snprintf(error, size, "descriptor %d: %s", fd, strerror(errno));
		return -1;
	}
	snprintf(taken->listener, sizeof(taken->listener), "%s@%s", service,
		 peer_format(&bound, length, address, sizeof(address)));
	inherited->count++;
	return 0;
}

static ssize_t syslog_write(void *context, const char *text, size_t size)
{
	(void)context; /* there is only one system log */
	syslog(LOG_ERR, "%.*s", (int)size, text);
	return (ssize_t)size;
}

/* The descriptor of standard error is the socket; nobody would read there. */
static int errors_to_syslog(void)
{
	FILE *system_log = fopencookie(NULL, "w", (cookie_io_functions_t){.write = syslog_write});

	if (!system_log)
		return -1;
	if (setvbuf(system_log, NULL, _IOLBF, BUFSIZ) != 0 || terminal_release() == -1) {
		fclose(system_log);
		return -1;
	}
	openlog("sprinkled", LOG_PID, LOG_DAEMON);
	stderr = system_log;
	return 0;
}

static int inetd_take(struct inherited *inherited, const char *service, char *error, size_t size)
{
	if (socket_take(inherited, STDIN_FILENO, service, error, size) == -1)
		return -1;
	if (errors_to_syslog() == 0)
		return 0;
	snprintf(error, size, "/dev/null: %s", strerror(errno));
	return -1;
}

/* A number of the environment; fallback when it is not there or is none. */
static int environment_number(const char *name, int fallback)
{
	const char *text = getenv(name), *why;
	int number = text ? (int)strtonum(text, 0, INT_MAX, &why) : fallback;

	return text && why ? fallback : number;
}

/*
 * A descriptor that nobody gave a name has its socket unit's, or "unknown" from
 * systemd-socket-activate(1).
 */
static const char *service_named(const char *name)
{
	const char *end = name ? strrchr(name, '.') : NULL;
	bool named = name && *name && strcmp(name, "unknown") != 0 &&
		     !(end && strcmp(end, ".socket") == 0);

	return named ? name : DEFAULT_SERVICE;
}

static int systemd_take(struct inherited *inherited, char *error, size_t size)
{
	char *names = getenv("LISTEN_FDNAMES");
	int count = environment_number("LISTEN_FDS", 0);

	if (environment_number("LISTEN_PID", -1) != (int)getpid())
		return 0; /* meant for another process */
	for (int i = 0; i < count; i++) {
		const char *name = names ? strsep(&names, ":") : NULL;
		if (socket_take(inherited, SYSTEMD_FIRST + i, service_named(name), error, size) ==
		    -1)
			return -1;
		close(SYSTEMD_FIRST + i);
	}
	return 0;
}

int inherited_take(struct inherited *inherited, const char *inetd_service, char *error, size_t size)
{
	inherited->count = 0;
	if (inetd_service && inetd_take(inherited, inetd_service, error, size) == -1)
		return -1;
	if (systemd_take(inherited, error, size) == -1)
		return -1;
	unsetenv("LISTEN_PID"); /* with a good name it can't fail */
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return 0;
}

int inherited_find(const struct inherited *inherited, const char *address)
{
	for (size_t i = 0; i < inherited->count; i++)
		if (strcmp(strchr(inherited->socket[i].listener, '@') + 1, address) == 0)
			return inherited->socket[i].fd;
	return -1;
}
