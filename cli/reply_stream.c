#include "reply_stream.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include "line_buffer.h"

/* A reply line has no longest length; the longest of a server's are a few thousand bytes. */
enum { BUFFER_SIZE = 64 * 1024 };

struct reply_stream {
	struct connection *connection;
	struct line_buffer lines;
	bool ended; /* the server closed its side: what is left is its last line */
	char bytes[BUFFER_SIZE];
};

struct reply_stream *reply_stream_create(struct connection *connection)
{
	struct reply_stream *stream = malloc(sizeof(*stream));

	if (!stream)
		return NULL;
	stream->connection = connection;
	stream->ended = false;
	line_buffer_init(&stream->lines, stream->bytes, sizeof(stream->bytes));
	return stream;
}

void reply_stream_destroy(struct reply_stream *stream)
{
	free(stream);
}

int reply_stream_take(struct reply_stream *stream, struct reply_line *line)
{
	char *text;
	enum line_kind kind = stream->ended ? line_buffer_last(&stream->lines, &text)
					    : line_buffer_next(&stream->lines, &text);

	if (kind == LINE_NONE)
		return 0;
	if (kind == LINE_GOOD && reply_line_parse(text, line) == 0)
		return 1;
	errno = EPROTO;
	return -1;
}

/* Read once what the connection has. Returns 1, or -1 with errno; the end is errno 0. */
static int stream_read(struct reply_stream *stream)
{
	size_t room;
	char *space = line_buffer_space(&stream->lines, &room);
	ssize_t count = connection_read(stream->connection, space, room);

	if (count == -1)
		return -1;
	line_buffer_add(&stream->lines, (size_t)count);
	if (count > 0)
		return 1;
	if (!stream->ended) {
		stream->ended = true;
		return 1; /* a last line may be left */
	}
	errno = 0;
	return -1;
}

int reply_stream_next(struct reply_stream *stream, struct reply_line *line, int timeout_ms)
{
	struct pollfd ready = {
		.fd = connection_descriptor(stream->connection),
		.events = POLLIN,
	};

	for (;;) {
		int got = reply_stream_take(stream, line);
		if (got != 0)
			return got;
		got = connection_holds(stream->connection) ? 1 : poll(&ready, 1, timeout_ms);
		if (got == 0)
			return 0;
		if (got == 1)
			got = stream_read(stream);
		if (got == -1 && errno != EINTR && errno != EAGAIN)
			return -1;
	}
}
