/*
 * response.c: reply lines into the session's output. Invariant: a line holds no control characters,
 * whatever a name or a log brings along, so a reply can't be forged inside another.
 */
#include "session/response.h"

#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include "printable.h"
#include "reply.h"
#include "stamp.h"

enum { TEXT_MAX = 2048 };

static void line_put(struct session *session, int code, char separator, const char *text)
{
	char head[4] = {(char)('0' + code / 100), (char)('0' + code / 10 % 10),
			(char)('0' + code % 10), separator};

	if (session->wording) {
		session->wording->line(session, code, separator == ' ', text);
		return;
	}
	channel_put(&session->channel, head, sizeof(head));
	channel_put(&session->channel, text, strlen(text));
	channel_put(&session->channel, "\n", 1);
}

static void text_put(struct session *session, int code, char separator, const char *format,
		     va_list arguments)
{
	char raw[TEXT_MAX], safe[PRINTABLE_SIZE(TEXT_MAX)];

	vsnprintf(raw, sizeof(raw), format, arguments);
	line_put(session, code, separator, printable_format(raw, safe, sizeof(safe)));
}

void response_line(struct session *session, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_put(session, code, '-', format, arguments);
	va_end(arguments);
}

void response_end(struct session *session, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_put(session, code, ' ', format, arguments);
	va_end(arguments);
}

void response_say(struct session *session, int code, const char *text)
{
	line_put(session, code, ' ', text);
}

static void object_put(struct session *session, int code, char separator, json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(REPLY_NUMBER_DIGITS));

	line_put(session, code, separator, text ? text : "{}");
	free(text);
	json_decref(object);
}

void response_object(struct session *session, int code, json_t *object)
{
	object_put(session, code, '-', object);
}

json_t *response_time(int64_t time_ns)
{
	char text[STAMP_SIZE];

	return time_ns > 0 ? json_string(stamp_utc(time_ns, text, sizeof(text))) : json_null();
}

static const char *const event_names[] = {
	[EVENT_RELAY] = "relay",     [EVENT_CAME] = "came",	  [EVENT_WENT] = "went",
	[EVENT_PROFILE] = "profile", [EVENT_WARNING] = "warning", [EVENT_ALARM] = "alarm",
};

void response_event(struct session *session, const struct event *event)
{
	char stamp[STAMP_SIZE];

	if (!session->json) {
		response_end(session, REPLY_EVENT, "%s %s: %s",
			     stamp_local(event->time_ns, stamp, sizeof(stamp)),
			     event_names[event->kind], event->text);
		return;
	}
	json_t *object = json_pack("{s:s,s:o,s:s}", "event", event_names[event->kind], "time",
				   response_time(event->time_ns), "text", event->text);
	if (event->kind == EVENT_RELAY)
		json_object_update_new(object,
				       json_pack("{s:i,s:s,s:o}", "relay", (int)event->relay,
						 "state", event->closed ? "closed" : "open",
						 "until", response_time(event->until_ns)));
	if (event->pid)
		json_object_set_new(object, "pid", json_integer(event->pid));
	object_put(session, REPLY_EVENT, ' ', object);
}
