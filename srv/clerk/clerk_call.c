/*
 * clerk_call.c: the session's side. Invariant: no wait is longer than the clerk may take, and what
 * held a password is wiped.
 */
#include "clerk/clerk_call.h"

#include <bsd/string.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "clerk/clerk_message.h"
#include "descriptor_pass.h"

enum { ANSWER_LIMIT_MS = 30000 };

/* Send a request; returns the descriptor that its answers come by, or -1 with errno. */
static int request_send(int clerk, const struct clerk_request *request)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		return -1;
	int sent = descriptor_send(clerk, request, sizeof(*request), ends[1]);
	int error = errno == EAGAIN ? EBUSY : errno;

	close(ends[1]);
	if (sent == 0)
		return ends[0];
	close(ends[0]);
	errno = error;
	return -1;
}

/* Wait for an answer, and with descriptor not NULL for one. 0, or -1 with errno. */
static int answer_receive(int end, int limit_ms, struct clerk_answer *answer, int *descriptor)
{
	struct pollfd polled = {.fd = end, .events = POLLIN};
	int none = -1;
	int ready;

	do
		ready = poll(&polled, 1, limit_ms);
	while (ready == -1 && errno == EINTR); /* the clerk ends too when the server does */
	if (ready == 0)
		errno = ETIMEDOUT;
	if (ready != 1)
		return -1;
	ssize_t length =
		descriptor_receive(end, answer, sizeof(*answer), descriptor ?: &none, NULL);
	if (length == -1)
		return -1;
	if (length != sizeof(*answer) || (answer->error == 0 && descriptor && *descriptor == -1)) {
		errno = EPIPE;
		return -1;
	}
	errno = answer->error;
	return answer->error == 0 ? 0 : -1;
}

/* One request, one answer. */
static int transact(int clerk, const struct clerk_request *request, struct clerk_answer *answer,
		    int *descriptor)
{
	int end = request_send(clerk, request);

	if (end == -1)
		return -1;
	int result = answer_receive(end, ANSWER_LIMIT_MS, answer, descriptor), error = errno;
	close(end);
	errno = error;
	return result;
}

int clerk_check(int clerk, int slot, const char *name, const char *password, enum role *role)
{
	struct clerk_request request = {.kind = CLERK_CHECK, .slot = (uint32_t)slot};
	struct clerk_answer answer;

	/* What does not fit is nobody's; the clerk finds so, in the time that any other takes. */
	if (strlcpy(request.password, password, sizeof(request.password)) >=
		    sizeof(request.password) ||
	    strlcpy(request.name, name, sizeof(request.name)) >= sizeof(request.name))
		request.name[0] = '\0';
	int result = transact(clerk, &request, &answer, NULL), error = errno;
	explicit_bzero(&request, sizeof(request));
	if (result == 0)
		*role = (enum role)answer.role;
	errno = error;
	return result;
}

int clerk_open(int clerk, int slot, enum clerk_file file)
{
	const struct clerk_request request = {
		.kind = CLERK_OPEN, .slot = (uint32_t)slot, .file = file};
	struct clerk_answer answer;
	int descriptor = -1;

	return transact(clerk, &request, &answer, &descriptor) == 0 ? descriptor : -1;
}

int clerk_update(int clerk, int slot, int *end)
{
	const struct clerk_request request = {.kind = CLERK_UPDATE, .slot = (uint32_t)slot};
	struct clerk_answer answer;
	int output = -1;

	*end = request_send(clerk, &request);
	if (*end == -1 || answer_receive(*end, ANSWER_LIMIT_MS, &answer, &output) == 0)
		return output;
	int error = errno;
	close(*end);
	errno = error;
	return -1;
}

int clerk_update_end(int end)
{
	struct clerk_answer answer;
	int result = answer_receive(end, -1, &answer, NULL), error = errno;

	close(end);
	errno = error;
	return result == 0 ? answer.status : -1;
}
