/*
 * Lines from a pipe. Standard input and the server are both waited for: a server that dies while
 * no line comes is noticed at once, and so are events.
 */

#include "batch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "line_buffer.h"
#include "show.h"

/* Standard input as lines, a buffer of one line more than the server takes. */
struct source {
	struct line_buffer lines;
	char bytes[LINE_MAX_BYTES + 2];
	bool ended;
};

static enum status line_run(struct dialogue *dialogue, struct output *output, const char *line)
{
	line += strspn(line, " \t");
	if (*line == '\0' || *line == '#')
		return STATUS_DONE;
	if (dialogue_over(dialogue)) {
		output_failure("the connection is closed; not everything was sent");
		return STATUS_LOST;
	}
	return status_of_reply(show_command(dialogue, output, line));
}

/* Lines that can't be sent as they are; what is wrong is said in the server's stead. */
static enum status line_refuse(enum line_kind kind)
{
	output_failure(kind == LINE_TOO_LONG ? "a line of more than 1024 bytes was left out"
		       : kind == LINE_NUL    ? "a line with a NUL byte was left out"
					     : "a line that is not UTF-8 was left out");
	return STATUS_REFUSED;
}

static enum line_kind line_take(struct source *source, char **line)
{
	return source->ended ? line_buffer_last(&source->lines, line)
			     : line_buffer_next(&source->lines, line);
}

/* Run every line that has come. *gravest grows. */
static void lines_run(struct source *source, struct dialogue *dialogue, struct output *output,
		      enum status *gravest)
{
	enum line_kind kind;
	char *line;

	while (*gravest != STATUS_LOST && (kind = line_take(source, &line)) != LINE_NONE) {
		enum status status =
			kind == LINE_GOOD ? line_run(dialogue, output, line) : line_refuse(kind);
		if (status > *gravest || status == STATUS_LOST)
			*gravest = status;
	}
}

static int source_read(struct source *source)
{
	size_t room;
	char *space = line_buffer_space(&source->lines, &room);
	ssize_t count = read(STDIN_FILENO, space, room);

	if (count == -1)
		return errno == EINTR ? 0 : -1;
	line_buffer_add(&source->lines, (size_t)count);
	source->ended = count == 0;
	return 0;
}

/* The server said something between replies: an event, or that it goes. */
static void server_hear(struct dialogue *dialogue, struct output *output, enum status *gravest)
{
	struct reply_line line;
	int got;

	while ((got = dialogue_hear(dialogue, &line, 0)) == 1)
		output_line(output, &line);
	if (got == -1) {
		output_failure(dialogue_why_over(dialogue));
		*gravest = STATUS_LOST;
	}
}

enum status batch_run(struct dialogue *dialogue, struct output *output)
{
	struct source source = {.ended = false};
	struct pollfd ready[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = dialogue_descriptor(dialogue), .events = POLLIN},
	};
	enum status gravest = STATUS_DONE;

	line_buffer_init(&source.lines, source.bytes, sizeof(source.bytes));
	while (!source.ended && !dialogue_over(dialogue)) {
		if (poll(ready, 2, -1) == -1)
			continue; /* EINTR is the only failure there is here */
		if (ready[1].revents)
			server_hear(dialogue, output, &gravest);
		if (ready[0].revents && source_read(&source) == -1) {
			output_failure(strerror(errno));
			return STATUS_USAGE;
		}
		if (ready[0].revents)
			lines_run(&source, dialogue, output, &gravest);
	}
	return gravest;
}
