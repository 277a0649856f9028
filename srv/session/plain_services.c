/*
 * plain_services.c: echo and happy, the two services without commands. One message is what arrives
 * together, up to 1,024 bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "log/log.h"
#include "clock.h"
#include "session/session.h"
#include "state/shutdown.h"

enum { MESSAGE_MAX = 1024, MESSAGE_DEADLINE_MS = 60000 };

/* Wait for a message: its length, or -1 when the conversation is over. */
static ssize_t message_read(struct session *session, char *message)
{
	ssize_t count;

	do {
		if (channel_wait(&session->channel, clock_monotonic_ms() + MESSAGE_DEADLINE_MS) !=
		    CHANNEL_INPUT)
			return -1;
		count = channel_read(&session->channel, message, MESSAGE_MAX);
	} while (count == -1 && (errno == EAGAIN || errno == EINTR));
	return count > 0 ? count : -1;
}

static int plain_begin(struct session *session, const struct session_start *start)
{
	int slot;

	session_begin(session, start);
	session_introduce(session);
	log_info("connection %u: %s", session->self.serial, session->self.address);
	return shutdown_wanted(start->segment, &slot) == SHUTDOWN_NONE ? 0 : -1;
}

int echo_serve(const struct session_start *start)
{
	static struct session session;
	char message[MESSAGE_MAX];
	ssize_t count;

	if (plain_begin(&session, start) == -1)
		return EXIT_SUCCESS;
	while ((count = message_read(&session, message)) > 0) {
		channel_put(&session.channel, "ECHO: ", 6);
		channel_put(&session.channel, message, (size_t)count);
		session_publish(&session);
	}
	session_end(&session);
	return EXIT_SUCCESS;
}

int happy_serve(const struct session_start *start)
{
	static const char hello[] = "HELLO. I am the Happy Server :-)\n";
	static struct session session;
	char message[MESSAGE_MAX];

	if (plain_begin(&session, start) == -1)
		return EXIT_SUCCESS;
	if (message_read(&session, message) > 0)
		channel_put(&session.channel, hello, sizeof(hello) - 1);
	session_end(&session);
	return EXIT_SUCCESS;
}
