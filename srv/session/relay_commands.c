/*
 * relay_commands.c: grs, sro, src, t1. What is told of a relay comes from the keeper, after its
 * line was read back.
 */
#include "session/run_commands.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "session/response.h"
#include "session/session.h"
#include "span.h"
#include "stamp.h"
#include "state/relays.h"

/* RELAYS out of words; on failure replies 501. */
static int relays_parse(struct session *session, char *words[], size_t count, struct relay_set *set)
{
	unsigned relays = session->start.settings->relay_count;

	if (relay_set_parse(words, count, relays, set) == 0)
		return 0;
	command_usage(session, "%s (relays are 1 to %u)", set->left_out, relays);
	return -1;
}

static void left_out_tell(struct session *session, const struct relay_set *set)
{
	if (!set->left_out[0])
		return;
	if (session->json)
		response_object(session, REPLY_DONE, json_pack("{s:s}", "left_out", set->left_out));
	else
		response_line(session, REPLY_DONE, "Left out: %s", set->left_out);
}

static json_t *relay_identity(const struct settings *settings, unsigned number)
{
	const struct relay_setting *relay = &settings->relay[number - 1];
	int offset = settings_relay_offset(settings, number);

	return json_pack("{s:i,s:o,s:o,s:s}", "relay", (int)number, "line",
			 offset >= 0 ? json_integer(offset) : json_string(relay->line), "pin",
			 relay->pin ? json_integer(relay->pin) : json_null(), "name", relay->name);
}

static void state_text(struct session *session, unsigned number, const struct relay_state *state)
{
	char name[192], since[STAMP_SIZE + 16] = "", until[STAMP_SIZE + 16] = "",
					   due[STAMP_SIZE + 16] = "";
	char stamp[STAMP_SIZE];

	if (state->since_ns > 0)
		snprintf(since, sizeof(since), " since %s",
			 stamp_local(state->since_ns, stamp, sizeof(stamp)));
	if (state->closed && state->until_ns > 0)
		snprintf(until, sizeof(until), " until %s",
			 stamp_local(state->until_ns, stamp, sizeof(stamp)));
	if (state->queued)
		snprintf(due, sizeof(due), ", closes at %s",
			 state->due_ns > 0 ? stamp_local(state->due_ns, stamp, sizeof(stamp))
					   : "the next chance");
	response_line(session, REPLY_DONE, "Relay %s is %s%s%s%s%s%s",
		      settings_relay_text(session->start.settings, number, name, sizeof(name)),
		      state->closed ? "closed" : "open", since, until, state->by[0] ? " by " : "",
		      state->by, due);
}

static void state_object(struct session *session, unsigned number, const struct relay_state *state)
{
	json_t *object = relay_identity(session->start.settings, number);

	json_object_update_new(object,
			       json_pack("{s:s,s:o,s:o,s:o,s:o}", "state",
					 state->closed ? "closed" : "open", "since",
					 response_time(state->since_ns), "until",
					 response_time(state->closed ? state->until_ns : 0), "by",
					 state->by[0] ? json_string(state->by) : json_null(), "due",
					 response_time(state->queued ? state->due_ns : 0)));
	response_object(session, REPLY_DONE, object);
}

static void state_show(struct session *session, unsigned number, const struct relay_state *state)
{
	if (session->json)
		state_object(session, number, state);
	else if (session->wording)
		session->wording->relay_state(session, number, state);
	else
		state_text(session, number, state);
}

void relays_show(struct session *session, char *words[], size_t count)
{
	struct relay_set set = {.relays = UINT64_MAX};
	struct relay_table table;
	unsigned shown = 0;

	if (count > 1 && relays_parse(session, words + 1, count - 1, &set) == -1)
		return;
	relays_read(session->start.segment, &table);
	for (unsigned number = 1; number <= table.count; number++) {
		if (!((set.relays >> (number - 1)) & 1))
			continue;
		shown++;
		state_show(session, number, &table.relay[number - 1]);
	}
	left_out_tell(session, &set);
	if (table.alarm && session->wording)
		response_line(session, REPLY_FAILED, "ALARM: a line does not follow");
	if (table.supply_va > 0)
		response_end(session, REPLY_DONE, "%u relays%s, %.1f of %.1f VA in use", shown,
			     table.alarm ? ", ALARM: a line does not follow" : "", table.used_va,
			     table.supply_va);
	else
		response_end(session, REPLY_DONE, "%u relays%s", shown,
			     table.alarm ? ", ALARM: a line does not follow" : "");
}

static void verdict_text(struct session *session, unsigned number,
			 const struct relay_verdict *verdict)
{
	const struct settings *settings = session->start.settings;
	char name[192], stamp[STAMP_SIZE], rest[STAMP_SIZE + 192] = "";

	settings_relay_text(settings, number, name, sizeof(name));
	if (verdict->code == REPLY_LATER)
		snprintf(rest, sizeof(rest), " and will be %s at %s%s%s",
			 verdict->closed ? "open" : "closed",
			 verdict->when_ns > 0 ? stamp_local(verdict->when_ns, stamp, sizeof(stamp))
					      : "the next chance",
			 verdict->why[0] ? ": " : "", verdict->why);
	else if (verdict->code != REPLY_DONE)
		snprintf(rest, sizeof(rest), ", %s: %s",
			 verdict->code == REPLY_REFUSED ? "refused" : "failed", verdict->why);
	else if (verdict->until_ns > 0)
		snprintf(rest, sizeof(rest), " until %s",
			 stamp_local(verdict->until_ns, stamp, sizeof(stamp)));
	response_line(session, verdict->code, "Relay %s is %s%s", name,
		      verdict->closed ? "closed" : "open", rest);
}

static void verdict_object(struct session *session, unsigned number,
			   const struct relay_verdict *verdict)
{
	json_t *object = relay_identity(session->start.settings, number);

	json_object_update_new(
		object,
		json_pack("{s:s,s:o,s:o,s:i,s:o}", "state", verdict->closed ? "closed" : "open",
			  "until", response_time(verdict->until_ns), "due",
			  response_time(verdict->code == REPLY_LATER ? verdict->when_ns : 0),
			  "code", verdict->code, "why",
			  verdict->why[0] ? json_string(verdict->why) : json_null()));
	response_object(session, verdict->code, object);
}

static void verdict_show(struct session *session, unsigned number,
			 const struct relay_verdict *verdict)
{
	if (session->json)
		verdict_object(session, number, verdict);
	else if (session->wording && verdict->code == REPLY_DONE)
		session->wording->relay_switched(session, number);
	else
		verdict_text(session, number, verdict);
}

/* The final line counts what the lines before it tell, and gives the first reason to refuse. */
static void verdicts_sum(struct session *session, const struct answer *answer)
{
	unsigned done = 0, later = 0, refused = 0;
	const char *why = "";
	char waits[32] = "", refuses[160] = "";

	for (unsigned i = 0; i < RELAYS_MAX; i++) {
		const struct relay_verdict *verdict = &answer->relay[i];
		done += verdict->code == REPLY_DONE;
		later += verdict->code == REPLY_LATER;
		if (verdict->code >= REPLY_REFUSED && refused++ == 0)
			why = verdict->why;
	}
	if (later)
		snprintf(waits, sizeof(waits), ", %u later", later);
	if (refused)
		snprintf(refuses, sizeof(refuses), ", %u refused: %s", refused, why);
	response_end(session, answer->code, "%u done%s%s", done, waits, refuses);
}

static void relays_switch(struct session *session, enum request_kind kind, char *words[],
			  size_t count, int64_t span_ms)
{
	struct request request = {.kind = kind, .span_ms = span_ms};
	struct relay_set set;
	struct answer answer;

	if (relays_parse(session, words, count, &set) == -1)
		return;
	request.relays = set.relays;
	if (session_ask(session, &request, &answer) == -1)
		return;
	for (unsigned number = 1; number <= session->start.settings->relay_count; number++) {
		const struct relay_verdict *verdict = &answer.relay[number - 1];
		if (verdict->code == 0)
			continue;
		verdict_show(session, number, verdict);
	}
	left_out_tell(session, &set);
	verdicts_sum(session, &answer);
}

void relays_open(struct session *session, char *words[], size_t count)
{
	relays_switch(session, REQUEST_OPEN, words + 1, count - 1, 0);
}

void relays_toggle(struct session *session, char *words[], size_t count)
{
	relays_switch(session, REQUEST_TOGGLE, words + 1, count - 1, 0);
}

void relays_close(struct session *session, char *words[], size_t count)
{
	size_t named = count - 1;
	int64_t span_ms = 0;

	for (size_t i = 1; i < count; i++) {
		if (strcasecmp(words[i], "for") != 0)
			continue;
		if (i + 2 != count || span_parse(words[i + 1], &span_ms) == -1 || span_ms == 0) {
			command_usage(session,
				      "after for comes one span above 0, such as 10m or 1h30m");
			return;
		}
		named = i - 1;
	}
	if (named == 0)
		command_usage(session, "which relays?");
	else
		relays_switch(session, REQUEST_CLOSE, words + 1, named, span_ms);
}
