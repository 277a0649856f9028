/*
 * history_command.c: hist. Runs as the run log tells them, oldest first, and a total per relay.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "clerk/clerk_call.h"
#include "log/run_log.h"
#include "session/response.h"
#include "session/run_commands.h"
#include "session/session.h"
#include "span.h"
#include "stamp.h"

#define SPAN_DEFAULT_MS (INT64_C(7) * 24 * 3600 * 1000)

struct history {
	uint64_t relays;
	int64_t since_ns;
	struct run running[RELAYS_MAX]; /* "on" without its "off" yet; relay 0: none */
	int64_t total_s[RELAYS_MAX];
	unsigned runs[RELAYS_MAX];
};

/* A word with a unit is the span; the others are relays. */
static int arguments_read(struct session *session, char *words[], size_t count,
			  struct history *history)
{
	struct relay_set set = {.relays = UINT64_MAX};
	int64_t span_ms = SPAN_DEFAULT_MS;
	size_t relays = count;

	if (count > 0 && strcasecmp(words[count - 1], "all") != 0 &&
	    strpbrk(words[count - 1], "dhmsDHMS")) {
		if (span_parse(words[count - 1], &span_ms) == -1 || span_ms == 0) {
			command_usage(session, "%.40s is no span, such as 12h or 7d",
				      words[count - 1]);
			return -1;
		}
		relays--;
	}
	if (relays > 0 &&
	    relay_set_parse(words, relays, session->start.settings->relay_count, &set) == -1) {
		command_usage(session, "%s", set.left_out);
		return -1;
	}
	*history = (struct history){.relays = set.relays,
				    .since_ns = stamp_now_ns() - span_ms * 1000000};
	return 0;
}

static json_t *seconds_or_null(int64_t seconds)
{
	return seconds >= 0 ? json_integer((json_int_t)seconds) : json_null();
}

static void run_show(struct session *session, const struct run *run)
{
	char started[STAMP_SIZE], planned[32] = "?", actual[32];
	int64_t actual_s =
		run->ended_ns > 0 ? run->actual_s : (stamp_now_ns() - run->started_ns) / 1000000000;

	if (session->json) {
		response_object(
			session, REPLY_DONE,
			json_pack("{s:i,s:o,s:o,s:o,s:o,s:s,s:s,s:o}", "relay", (int)run->relay,
				  "started", response_time(run->started_ns), "ended",
				  response_time(run->ended_ns), "planned",
				  seconds_or_null(run->planned_s), "actual",
				  seconds_or_null(actual_s), "cause", run->cause, "by", run->by,
				  "end", run->end[0] ? json_string(run->end) : json_null()));
		return;
	}
	if (run->planned_s >= 0)
		span_format(run->planned_s * 1000, planned, sizeof(planned));
	response_line(session, REPLY_DONE, "%s relay %u: %s of %s, by %s, %s",
		      stamp_local(run->started_ns, started, sizeof(started)), run->relay,
		      span_format(actual_s * 1000, actual, sizeof(actual)), planned, run->by,
		      run->end[0] ? run->end : "running");
}

static void run_count(struct session *session, struct history *history, const struct run *run)
{
	if (run->relay < 1 || run->relay > RELAYS_MAX ||
	    !((history->relays >> (run->relay - 1)) & 1))
		return;
	if (run->ended_ns > 0 && run->ended_ns < history->since_ns)
		return;
	history->total_s[run->relay - 1] += run->actual_s;
	history->runs[run->relay - 1]++;
	run_show(session, run);
}

static void line_take(struct session *session, struct history *history, const char *line)
{
	struct run run = {0};
	int kind = run_line_parse(line, &run);

	if (kind == 0 || run.relay < 1 || run.relay > RELAYS_MAX)
		return;
	if (kind == 2) {
		history->running[run.relay - 1] = run;
		return;
	}
	history->running[run.relay - 1].relay = 0;
	run_count(session, history, &run);
}

static void totals_show(struct session *session, const struct history *history)
{
	char span[32];

	for (unsigned i = 0; i < RELAYS_MAX; i++) {
		if (history->runs[i] == 0)
			continue;
		if (session->json)
			response_object(session, REPLY_DONE,
					json_pack("{s:i,s:I,s:i}", "relay", (int)i + 1, "total",
						  (json_int_t)history->total_s[i], "runs",
						  (int)history->runs[i]));
		else
			response_line(session, REPLY_DONE, "Total relay %u: %s in %u runs", i + 1,
				      span_format(history->total_s[i] * 1000, span, sizeof(span)),
				      history->runs[i]);
	}
}

void history_show(struct session *session, char *words[], size_t count)
{
	static struct history history;
	char *line = NULL;
	size_t size = 0;

	if (arguments_read(session, words + 1, count - 1, &history) == -1)
		return;
	int fd = clerk_open(session->start.clerk, session->start.slot, CLERK_RUNS);
	FILE *file = fd == -1 ? NULL : fdopen(fd, "r");
	if (!file) {
		response_end(session, REPLY_FAILED, "the run log can't be read: %s",
			     strerror(errno));
		if (fd != -1)
			close(fd);
		return;
	}
	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		line_take(session, &history, line);
	}
	for (unsigned i = 0; i < RELAYS_MAX; i++)
		if (history.running[i].relay > 0 && ((history.relays >> i) & 1))
			run_show(session, &history.running[i]);
	free(line);
	fclose(file);
	totals_show(session, &history);
	response_end(session, REPLY_DONE, "history");
}
