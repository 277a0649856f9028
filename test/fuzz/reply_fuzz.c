/*
 * The client's reader of replies, fed by a connection of our own instead of a server's: the first
 * byte of the input says how many bytes come at a time.
 */

#include <errno.h>
#include <fcntl.h>
#include "connection.h"
#include "fuzz.h"
#include "reply_stream.h"

struct connection {
	const uint8_t *data;
	size_t size, step;
};

/* Always readable, as far as poll(2) can say. */
int connection_descriptor(const struct connection *connection)
{
	static int always = -1;

	(void)connection;
	if (always == -1)
		always = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return always;
}

bool connection_holds(const struct connection *connection)
{
	(void)connection;
	return false;
}

ssize_t connection_read(struct connection *connection, void *bytes, size_t size)
{
	size_t count = connection->step;

	count = count < size ? count : size;
	count = count < connection->size ? count : connection->size;
	memcpy(bytes, connection->data, count);
	connection->data += count;
	connection->size -= count;
	return (ssize_t)count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct connection connection = {
		.data = data + 1, .size = size - 1, .step = size > 0 ? data[0] + 1U : 0};
	struct reply_stream *stream = NULL;
	struct reply_line line;
	int got = 0;

	if (size == 0)
		return 0;
	stream = reply_stream_create(&connection);
	MUST(stream != NULL);
	for (;;) {
		errno = -1;
		got = reply_stream_next(stream, &line, -1);
		if (got == -1 && errno == EPROTO)
			continue; /* one line that is no reply: the next may be */
		if (got != 1)
			break;
		MUST(line.code >= 100 && line.code <= 999);
		MUST(strchr(line.text, '\n') == NULL);
	}
	MUST(got == -1 && errno == 0 && connection.size == 0); /* all is read, then the end */
	reply_stream_destroy(stream);
	return 0;
}
