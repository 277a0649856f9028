/*
 * channel.c: one client's socket. Invariant: no wait is unbounded that a client could cause, and no
 * signal is lost between looking and waiting: ppoll opens the mask atomically, and where a session
 * rests in recv, SIGTERM ends the input, which also a recv meets that has not yet begun.
 */
#include "session/channel.h"
#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STALL_LIMIT_MS = 10000 }; /* a client that does not read for so long is lost */

static volatile sig_atomic_t term_came, event_came;
static volatile sig_atomic_t rested; /* from the first rest on: SIGTERM is let in */
static int rest_socket;
static sigset_t term;	   /* SIGTERM alone */
static sigset_t wait_mask; /* while waiting: SIGTERM and SIGURG come in */

static void signal_note(int number)
{
	int saved = errno;

	if (number == SIGTERM)
		term_came = 1;
	else
		event_came = 1;
	if (number == SIGTERM && rested)
		(void)shutdown(rest_socket, SHUT_RD); /* a client that is gone reads as ended */
	errno = saved;
}

/* None of these can fail: the numbers are constants. */
void channel_signals_prepare(void)
{
	struct sigaction action = {.sa_handler = signal_note, .sa_flags = SA_RESTART};
	sigset_t blocked;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	blocked = term;
	sigaddset(&blocked, SIGURG);
	(void)sigprocmask(SIG_BLOCK, &blocked, &wait_mask);
	sigdelset(&wait_mask, SIGTERM);
	sigdelset(&wait_mask, SIGURG);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGURG, &action, NULL);
}

void channel_init(struct channel *channel, int socket, const struct transport *transport)
{
	channel->socket = socket;
	channel->transport = transport;
	channel->input_events = POLLIN;
	channel->holds = channel->hears = channel->rests = false;
	channel->bytes_in = channel->bytes_out = 0;
	channel->pending = 0;
	channel->lost = false;
}

/* 1 ready, 0 the deadline passed, -1 a signal came (see the notes) or the system failed. */
static int socket_wait(const struct channel *channel, short events, int64_t deadline_ms)
{
	struct pollfd polled = {.fd = channel->socket, .events = events};
	struct timespec left, *limit = NULL;

	if (deadline_ms >= 0) {
		int64_t left_ms = deadline_ms - clock_monotonic_ms();
		if (left_ms < 0)
			left_ms = 0;
		left = (struct timespec){.tv_sec = left_ms / 1000,
					 .tv_nsec = (left_ms % 1000) * 1000000};
		limit = &left;
	}
	if (!rested)
		return ppoll(&polled, 1, limit, &wait_mask);
	(void)sigprocmask(SIG_BLOCK, &term, NULL); /* as in channel_signals_prepare */
	int ready = term_came ? -1 : ppoll(&polled, 1, limit, &wait_mask), error = errno;
	(void)sigprocmask(SIG_UNBLOCK, &term, NULL);
	errno = error;
	return ready;
}

enum channel_wait channel_await(struct channel *channel, short events, int64_t deadline_ms)
{
	int ready = term_came || event_came ? -1 : socket_wait(channel, events, deadline_ms);

	if (term_came)
		return CHANNEL_SHUTDOWN;
	if (event_came) {
		event_came = 0;
		return CHANNEL_EVENT;
	}
	if (ready == 1)
		return CHANNEL_INPUT;
	return ready == 0 ? CHANNEL_DEADLINE : CHANNEL_LOST;
}

/*
 * The wait is left to channel_read, a system call less a command. Only for whom SIGTERM alone can
 * disturb: another signal could come just before recv, and would not be seen.
 */
static enum channel_wait socket_rest(struct channel *channel)
{
	if (!rested) {
		rest_socket = channel->socket;
		rested = 1;
		(void)sigprocmask(SIG_UNBLOCK, &term, NULL);
	}
	channel->rests = true;
	return term_came ? CHANNEL_SHUTDOWN : CHANNEL_INPUT;
}

enum channel_wait channel_wait(struct channel *channel, int64_t deadline_ms)
{
	if (!channel_flush(channel))
		return term_came ? CHANNEL_SHUTDOWN : CHANNEL_LOST;
	channel->rests = false;
	if (!channel->transport && !channel->hears && deadline_ms < 0)
		return socket_rest(channel);
	if (!channel->holds)
		return channel_await(channel, channel->input_events, deadline_ms);
	/* No waiting, but signals are let in: a client that never pauses must not keep them out. */
	enum channel_wait came = channel_await(channel, channel->input_events, 0);
	return came == CHANNEL_DEADLINE ? CHANNEL_INPUT : came;
}

bool channel_wait_shutdown(struct channel *channel, int64_t limit_ms)
{
	const struct channel nobody = {.socket = -1}; /* ppoll passes over it */
	int64_t deadline_ms = clock_monotonic_ms() + limit_ms;

	(void)channel_flush(channel); /* lost or not, the end is waited for */
	while (!term_came && clock_monotonic_ms() < deadline_ms)
		(void)socket_wait(&nobody, 0, deadline_ms);
	return term_came;
}

ssize_t channel_read(struct channel *channel, char *bytes, size_t size)
{
	const struct transport *transport = channel->transport;
	ssize_t count;

	if (transport) {
		channel->input_events = POLLIN;
		count = transport->receive(transport->stream, bytes, size, &channel->input_events);
		channel->holds = count > 0;
	} else {
		count = recv(channel->socket, bytes, size, channel->rests ? 0 : MSG_DONTWAIT);
	}
	if (count == 0 && term_came) { /* we have ended it, not the client */
		errno = EINTR;
		return -1;
	}
	if (count > 0)
		channel->bytes_in += (uint64_t)count;
	return count;
}

/* As send(2), and with EAGAIN what to wait for. */
static ssize_t bytes_send(struct channel *channel, const char *bytes, size_t size, short *events)
{
	const struct transport *transport = channel->transport;

	*events = POLLOUT;
	if (transport)
		return transport->send(transport->stream, bytes, size, events);
	return send(channel->socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void all_send(struct channel *channel, const char *bytes, size_t size)
{
	int64_t deadline_ms = -1;
	size_t done = 0;
	short events;

	while (done < size && !channel->lost) {
		ssize_t count = bytes_send(channel, bytes + done, size - done, &events);
		if (count >= 0) {
			done += (size_t)count;
			channel->bytes_out += (uint64_t)count;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (deadline_ms < 0)
			deadline_ms = clock_monotonic_ms() + STALL_LIMIT_MS;
		/* An event can wait for a reader this slow; the end of the server can't. */
		if (errno != EAGAIN || term_came || socket_wait(channel, events, deadline_ms) == 0)
			channel->lost = true;
	}
}

bool channel_flush(struct channel *channel)
{
	all_send(channel, channel->output, channel->pending);
	channel->pending = 0;
	return !channel->lost;
}

void channel_put(struct channel *channel, const char *bytes, size_t count)
{
	if (count > sizeof(channel->output)) {
		if (channel_flush(channel))
			all_send(channel, bytes, count);
		return;
	}
	while (count > 0) {
		size_t room = sizeof(channel->output) - channel->pending;
		size_t part = count < room ? count : room;
		memcpy(channel->output + channel->pending, bytes, part);
		channel->pending += part;
		bytes += part;
		count -= part;
		if (channel->pending == sizeof(channel->output) && !channel_flush(channel))
			return;
	}
}
