/*
 * log_commands.c: rlf, ref, clf, cef. The clerk opens the log that has the name by now.
 */
#include "session/run_commands.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "clerk/clerk_call.h"
#include "session/response.h"
#include "session/session.h"

enum { LINES_DEFAULT = 5, LINES_MAX = 1000, LINE_BYTES = 4096, START_MAX = 1000000000 };

struct log_query {
	long wanted; /* lines */
	long start;  /* from this line on; 0: the last ones */
	char **matches;
	size_t match_count;
};

struct log_line {
	long number; /* from 1 */
	off_t offset;
	size_t length; /* without its newline */
};

/* The lines found so far: a ring of the last `wanted`. */
struct log_found {
	struct log_line ring[LINES_MAX];
	size_t count; /* in all, also those that fell out */
};

static bool is_number(const char *word)
{
	return word[0] && strspn(word, "0123456789") == strlen(word);
}

/* Words in any order: numbers are N and START, the others strings to match. -1: replied 501. */
static int query_read(struct session *session, char *words[], size_t count, struct log_query *query)
{
	long numbers[2] = {LINES_DEFAULT, 0};
	size_t given = 0;
	const char *why;

	*query = (struct log_query){.matches = words};
	for (size_t i = 0; i < count; i++) {
		if (!is_number(words[i])) {
			query->matches[query->match_count++] = words[i];
			continue;
		}
		if (given == 2) {
			command_usage(session, "at most two numbers: N and START");
			return -1;
		}
		numbers[given] = (long)strtonum(words[i], 1, given ? START_MAX : LINES_MAX, &why);
		if (why) {
			command_usage(session, "%.20s: N is 1 to %d, START 1 or more", words[i],
				      LINES_MAX);
			return -1;
		}
		given++;
	}
	if (given == 2 && query->match_count > 0) {
		command_usage(session, "START and strings to match exclude each other");
		return -1;
	}
	query->wanted = numbers[0];
	query->start = numbers[1];
	return 0;
}

static bool is_wanted(const struct log_query *query, long number, const char *line)
{
	if (query->start > 0)
		return number >= query->start && number < query->start + query->wanted;
	for (size_t i = 0; i < query->match_count; i++)
		if (strstr(line, query->matches[i]))
			return true;
	return query->match_count == 0;
}

/* Go through the whole file; lines longer than the buffer are cut into several. */
static int log_scan(int fd, const struct log_query *query, struct log_found *found)
{
	char buffer[LINE_BYTES + 1];
	off_t offset = 0;
	long number = 1;
	ssize_t bytes;

	while ((bytes = pread(fd, buffer, LINE_BYTES, offset)) > 0) {
		size_t at = 0, end = (size_t)bytes;
		while (at < end) {
			char *newline = memchr(buffer + at, '\n', end - at);
			if (!newline && at > 0)
				break; /* read on from the beginning of this line */
			size_t length = newline ? (size_t)(newline - (buffer + at)) : end - at;
			buffer[at + length] = '\0';
			if (is_wanted(query, number, buffer + at))
				found->ring[found->count++ % (size_t)query->wanted] =
					(struct log_line){number, offset + (off_t)at, length};
			at += length + (newline ? 1 : 0);
			number++;
		}
		offset += (off_t)at;
	}
	return bytes == -1 ? -1 : 0;
}

static void line_show(struct session *session, int fd, const struct log_line *line)
{
	char text[LINE_BYTES + 1];
	ssize_t bytes = pread(fd, text, line->length, line->offset);

	if (bytes < 0)
		bytes = 0; /* it was there a moment ago: cleared meanwhile */
	text[bytes] = '\0';
	if (session->json)
		response_object(session, REPLY_DONE,
				json_pack("{s:i,s:s}", "line", (int)line->number, "text", text));
	else
		response_line(session, REPLY_DONE, "%ld: %s", line->number, text);
}

static void log_show(struct session *session, enum clerk_file file, char *words[], size_t count)
{
	static struct log_found found;
	struct log_query query;

	if (query_read(session, words, count, &query) == -1)
		return;
	found.count = 0;
	int fd = clerk_open(session->start.clerk, session->start.slot, file);
	if (fd == -1 || log_scan(fd, &query, &found) == -1) {
		response_end(session, REPLY_FAILED, "the log can't be read: %s", strerror(errno));
		if (fd != -1)
			close(fd);
		return;
	}
	size_t ring = (size_t)query.wanted;
	size_t shown = found.count < ring ? found.count : ring;
	for (size_t i = found.count - shown; i < found.count; i++)
		line_show(session, fd, &found.ring[i % ring]);
	close(fd);
	response_end(session, REPLY_DONE, "%zu lines", shown);
}

void events_log_show(struct session *session, char *words[], size_t count)
{
	log_show(session, CLERK_EVENTS, words + 1, count - 1);
}

void errors_log_show(struct session *session, char *words[], size_t count)
{
	log_show(session, CLERK_ERRORS, words + 1, count - 1);
}

static void log_clear_ask(struct session *session, enum request_kind kind)
{
	struct request request = {.kind = kind};
	struct answer answer;

	if (session_ask(session, &request, &answer) == 0)
		response_end(session, answer.code, "%s",
			     answer.text[0] ? answer.text : "cleared; the old one is kept as .1");
}

void events_log_clear(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	log_clear_ask(session, REQUEST_CLEAR_EVENTS);
}

void errors_log_clear(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* as above */
	log_clear_ask(session, REQUEST_CLEAR_ERRORS);
}
