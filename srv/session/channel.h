#ifndef SESSION_CHANNEL_H
#define SESSION_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The client's connection: bytes in and out, with signals and deadlines. Signals are noted, and end
 * a wait here: SIGTERM (the server ends) and SIGURG (an event was published). Elsewhere they are
 * blocked, but for SIGTERM once a session has waited without a deadline; system calls go on then.
 * Output is gathered and goes out in one write, when the session next waits for input.
 */

#define CHANNEL_OUTPUT_SIZE 16384

/*
 * What carries a channel's bytes over its socket, such as TLS. Both functions are as recv(2) and
 * send(2) of a non-blocking socket; with EAGAIN they say in *events what poll(2) has to see before
 * another try. What receive has decoded and not yet given shows on no descriptor: there may be more
 * until it says EAGAIN.
 */
struct transport {
	ssize_t (*receive)(void *stream, char *bytes, size_t size, short *events);
	ssize_t (*send)(void *stream, const char *bytes, size_t size, short *events);
	void *stream;
};

struct channel {
	int socket;
	const struct transport *transport; /* NULL: the socket itself */
	short input_events;		   /* what input waits for, for poll(2) */
	bool holds;			   /* the transport may have input that poll(2) can't see */
	bool hears; /* SIGURG is meant for this client, as its session says */
	bool rests; /* channel_read itself is to wait */
	uint64_t bytes_in, bytes_out;
	size_t pending; /* bytes of output not yet written */
	bool lost;	/* the peer is gone or does not read: nothing is written any more */
	char output[CHANNEL_OUTPUT_SIZE];
};

enum channel_wait {
	CHANNEL_INPUT,	  /* bytes can be read, or the end of them */
	CHANNEL_EVENT,	  /* SIGURG */
	CHANNEL_SHUTDOWN, /* SIGTERM */
	CHANNEL_DEADLINE,
	CHANNEL_LOST,
};

/*
 * Block the two signals but while waiting, and note their coming. Once, before the fork, so that
 * every session inherits it; a program that is executed begins with it.
 */
void channel_signals_prepare(void);

/* Take over the socket. transport NULL: its bytes as they are. */
void channel_init(struct channel *, int socket, const struct transport *transport);

/*
 * Wait for events of poll(2) on the socket until deadline_ms (CLOCK_MONOTONIC; -1 none).
 * CHANNEL_INPUT: they are there.
 */
enum channel_wait channel_await(struct channel *, short events, int64_t deadline_ms);

/*
 * Wait until deadline_ms (CLOCK_MONOTONIC; -1 none). Writes what is pending first. CHANNEL_INPUT
 * comes at once where channel_read can do the waiting.
 */
enum channel_wait channel_wait(struct channel *, int64_t deadline_ms);

/* Wait for SIGTERM alone, at most limit_ms. True when it came. */
bool channel_wait_shutdown(struct channel *, int64_t limit_ms);

/*
 * After CHANNEL_INPUT, as read(2): 0 at the end, -1 with errno; EAGAIN and EINTR send back to
 * channel_wait.
 */
ssize_t channel_read(struct channel *, char *bytes, size_t size);

/*
 * Add to the output; writes when the buffer is full. What is larger than the buffer goes out by
 * itself, in one write if the system takes it. Bytes for a lost client are dropped.
 */
void channel_put(struct channel *, const char *bytes, size_t count);

/*
 * Write what is pending, waiting for a slow reader at most some seconds; then it is lost. False
 * when it is.
 */
bool channel_flush(struct channel *);

#endif
