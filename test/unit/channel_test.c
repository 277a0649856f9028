/* A channel over something that decodes: what it holds shows on no descriptor. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "clock.h"
#include "session/channel.h"

/* Gives what it holds in parts of two bytes, then wants to see the socket. */
struct decoder {
	const char *held;
	short wanted;	    /* at EAGAIN; 0: what the channel asked for */
	unsigned unwilling; /* so many tries to send end with EAGAIN first */
	char sent[64];
	size_t sent_count;
};

static ssize_t decoder_receive(void *stream, char *bytes, size_t size, short *events)
{
	struct decoder *decoder = stream;
	size_t count = strlen(decoder->held) < 2 ? strlen(decoder->held) : 2;

	assert_true(size >= count);
	if (count == 0) {
		if (decoder->wanted)
			*events = decoder->wanted;
		errno = EAGAIN;
		return -1;
	}
	memcpy(bytes, decoder->held, count);
	decoder->held += count;
	return (ssize_t)count;
}

static ssize_t decoder_send(void *stream, const char *bytes, size_t size, short *events)
{
	struct decoder *decoder = stream;

	if (decoder->unwilling > 0) {
		decoder->unwilling--;
		*events = POLLIN;
		errno = EAGAIN;
		return -1;
	}
	memcpy(decoder->sent + decoder->sent_count, bytes, size);
	decoder->sent_count += size;
	return (ssize_t)size;
}

struct fixture {
	struct decoder decoder;
	struct transport transport;
	struct channel channel;
	int peer;
};

static int fixture_make(void **state)
{
	static struct fixture fixture;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == -1)
		return -1;
	fixture = (struct fixture){.decoder = {.held = ""}, .peer = pair[1]};
	fixture.transport = (struct transport){
		.receive = decoder_receive, .send = decoder_send, .stream = &fixture.decoder};
	channel_init(&fixture.channel, pair[0], &fixture.transport);
	*state = &fixture;
	return 0;
}

static int fixture_end(void **state)
{
	struct fixture *fixture = *state;

	close(fixture->channel.socket);
	close(fixture->peer);
	return 0;
}

static enum channel_wait wait_shortly(struct channel *channel)
{
	return channel_wait(channel, clock_monotonic_ms() + 20);
}

static void test_held_bytes_are_input(void **state)
{
	struct fixture *fixture = *state;
	char bytes[8];

	assert_int_equal(wait_shortly(&fixture->channel), CHANNEL_DEADLINE);
	assert_int_equal(write(fixture->peer, "x", 1), 1);
	fixture->decoder.held = "abcde";
	assert_int_equal(wait_shortly(&fixture->channel), CHANNEL_INPUT);
	assert_int_equal(channel_read(&fixture->channel, bytes, sizeof(bytes)), 2);
	assert_int_equal(read(fixture->channel.socket, bytes, sizeof(bytes)), 1); /* none is left */
	for (int parts = 0; parts < 2; parts++) {
		assert_int_equal(channel_wait(&fixture->channel, -1), CHANNEL_INPUT);
		assert_true(channel_read(&fixture->channel, bytes, sizeof(bytes)) > 0);
	}
	assert_int_equal(channel_wait(&fixture->channel, -1), CHANNEL_INPUT);
	assert_int_equal(channel_read(&fixture->channel, bytes, sizeof(bytes)), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(wait_shortly(&fixture->channel), CHANNEL_DEADLINE);
	assert_int_equal(fixture->channel.bytes_in, 5);
}

static void test_held_bytes_keep_no_signal_out(void **state)
{
	struct fixture *fixture = *state;
	char bytes[8];

	fixture->decoder.held = "abcde";
	assert_int_equal(channel_read(&fixture->channel, bytes, sizeof(bytes)), 2);
	assert_int_equal(raise(SIGURG), 0);
	assert_int_equal(channel_wait(&fixture->channel, -1), CHANNEL_EVENT);
	assert_int_equal(channel_wait(&fixture->channel, -1), CHANNEL_INPUT);
}

static void test_reading_may_wait_for_writing(void **state)
{
	struct fixture *fixture = *state;
	char bytes[8];

	fixture->decoder.wanted = POLLOUT;
	assert_int_equal(channel_read(&fixture->channel, bytes, sizeof(bytes)), -1);
	assert_int_equal(wait_shortly(&fixture->channel), CHANNEL_INPUT); /* it can be written to */
	fixture->decoder.wanted = 0;
	assert_int_equal(channel_read(&fixture->channel, bytes, sizeof(bytes)), -1);
	assert_int_equal(wait_shortly(&fixture->channel), CHANNEL_DEADLINE);
}

static void test_writing_may_wait_for_reading(void **state)
{
	struct fixture *fixture = *state;

	fixture->decoder.unwilling = 3;
	assert_int_equal(write(fixture->peer, "x", 1), 1);
	channel_put(&fixture->channel, "hello", 5);
	assert_true(channel_flush(&fixture->channel));
	assert_memory_equal(fixture->decoder.sent, "hello", 5);
	assert_int_equal(fixture->channel.bytes_out, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_held_bytes_are_input, fixture_make,
						fixture_end),
		cmocka_unit_test_setup_teardown(test_held_bytes_keep_no_signal_out, fixture_make,
						fixture_end),
		cmocka_unit_test_setup_teardown(test_reading_may_wait_for_writing, fixture_make,
						fixture_end),
		cmocka_unit_test_setup_teardown(test_writing_may_wait_for_reading, fixture_make,
						fixture_end),
	};

	channel_signals_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
