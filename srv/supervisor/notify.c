/*
 * notify.c: NOTIFY_SOCKET and WATCHDOG_USEC. The socket is connected as whoever started us, and
 * stays: to say that all is well must not need a descriptor when there are no more.
 */
#include "supervisor/notify.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "log/log.h"

enum { MESSAGE_SIZE = 4096 };

static int socket_connect(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(name);

	if (length > sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, name, length);
	if (name[0] == '@')
		address.sun_path[0] = '\0'; /* of the abstract kind, unix(7) */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) == 0)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Milliseconds; 0 when no watchdog is asked for, or another process's. */
static int64_t watchdog_read(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID"), *why;

	if (!usec || (pid && strtonum(pid, 1, INT_MAX, &why) != getpid()))
		return 0;
	return strtonum(usec, 1000, INT64_MAX, &why) / 1000; /* 0 for what is no number */
}

int notify_open(struct notify *notify)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*notify = (struct notify){.fd = -1};
	if (name) {
		notify->fd = socket_connect(name);
		if (notify->fd == -1)
			return -1;
		notify->watchdog_ms = watchdog_read();
	}
	unsetenv("NOTIFY_SOCKET"); /* with a good name it can't fail; not for our children */
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return 0;
}

void notify_say(const struct notify *notify, const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list arguments;

	if (notify->fd == -1)
		return;
	va_start(arguments, format);
	int length = vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(message))
		length = (int)strlen(message); /* a long list is cut */
	if (send(notify->fd, message, (size_t)length, MSG_NOSIGNAL) == -1)
		log_warning("service manager not told: %s", strerror(errno));
}
