/*
 * profile_orders.c: sap, rp, sp, pause, resume, rd, sl, skip, mp. The keeper carries them out.
 */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "session/response.h"
#include "session/run_commands.h"
#include "session/session.h"
#include "span.h"

enum { LEVEL_MAX = 250 };

static void order_ask(struct session *session, struct request *request)
{
	struct answer answer;

	if (session_ask(session, request, &answer) == 0)
		response_end(session, answer.code, "%s", answer.text);
}

static void plain_order(struct session *session, enum request_kind kind)
{
	struct request request = {.kind = kind};

	order_ask(session, &request);
}

void profile_activate(struct session *session, char *words[], size_t count)
{
	struct request request = {.kind = REQUEST_ACTIVATE};

	if (count == 1) {
		profile_names_show(session);
		return;
	}
	if (strlcpy(request.text, words[1], sizeof(request.text)) >= sizeof(request.text))
		command_usage(session, "no profile has so long a name");
	else
		order_ask(session, &request);
}

void profile_start(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	plain_order(session, REQUEST_START);
}

void profile_stop(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* as above */
	plain_order(session, REQUEST_STOP);
}

void profile_resume(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* as above */
	plain_order(session, REQUEST_RESUME);
}

void profiles_reload(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* as above */
	plain_order(session, REQUEST_RELOAD);
}

/* One SPAN of at least a second out of a word; on failure replies 501. */
static int span_read(struct session *session, const char *word, int64_t *span_ms)
{
	if (span_parse(word, span_ms) == 0 && *span_ms >= 1000)
		return 0;
	command_usage(session, "%.40s is no span of a second or more, such as 10m, 1h30m or 2d",
		      word);
	return -1;
}

void profile_pause(struct session *session, char *words[], size_t count)
{
	struct request request = {.kind = REQUEST_PAUSE};

	if (count == 1 || span_read(session, words[1], &request.span_ms) == 0)
		order_ask(session, &request);
}

void rain_delay_set(struct session *session, char *words[], size_t count)
{
	struct request request = {.kind = REQUEST_RAIN_DELAY};

	(void)count; /* exactly one, says the table */
	if (strcasecmp(words[1], "off") == 0 || span_read(session, words[1], &request.span_ms) == 0)
		order_ask(session, &request);
}

void level_set(struct session *session, char *words[], size_t count)
{
	struct request request = {.kind = REQUEST_LEVEL};
	const char *why;

	(void)count; /* exactly one, says the table */
	words[1][strcspn(words[1], "%")] = '\0';
	request.number = (int)strtonum(words[1], 0, LEVEL_MAX, &why);
	if (why)
		command_usage(session, "%.20s: 0 to %d percent", words[1], LEVEL_MAX);
	else
		order_ask(session, &request);
}

void relays_skip(struct session *session, char *words[], size_t count)
{
	struct request request = {.kind = REQUEST_SKIP};
	unsigned relays = session->start.settings->relay_count;
	struct relay_set set;

	if (relay_set_parse(words + 1, count - 1, relays, &set) == -1) {
		command_usage(session, "%s (relays are 1 to %u)", set.left_out, relays);
		return;
	}
	request.relays = set.relays;
	order_ask(session, &request);
}
