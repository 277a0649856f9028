#ifndef SESSION_RESPONSE_H
#define SESSION_RESPONSE_H

#include <jansson.h>
#include "reply.h"
#include "session/session.h"

/*
 * A reply: any number of items, then one end. Text is for people, objects for programs; an item is
 * given as both, and the session's format decides.
 */

/* A continuation line "NNN-text", in text format only. */
void response_line(struct session *, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A continuation line "NNN-{…}". Takes the object over; for sessions with json set. */
void response_object(struct session *, int code, json_t *object);

/* The final line "NNN text". */
void response_end(struct session *, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The final line of a text that is our own, all printable: nothing is formatted. */
void response_say(struct session *, int code, const char *text);

/* An event, "299 text" or "299 {…}". */
void response_event(struct session *, const struct event *);

/* RFC 3339 in UTC for JSON; null for a time that is 0 or unknown. */
json_t *response_time(int64_t time_ns);

#endif
