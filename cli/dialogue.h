#ifndef CLI_DIALOGUE_H
#define CLI_DIALOGUE_H

#include <jansson.h>
#include <stdbool.h>
#include "identity.h"
#include "reply.h"
#include "status.h"
#include "target.h"

/* A conversation with a server: lines go out, replies come in; events come between replies. */
struct dialogue;

/* What to do with an event, which may come whenever the server is heard. */
struct event_handler {
	void (*run)(void *context, const struct reply_line *event);
	void *context;
};

/* Connect, hear the greeting, authenticate when identity has a user. NULL with *failure. */
struct dialogue *dialogue_open(const struct target *, struct identity *, struct event_handler,
			       struct failure *);
void dialogue_close(struct dialogue *); /* NULL is harmless */

/* Readable when the server says something; dialogue_hear with timeout 0 then takes it. */
int dialogue_descriptor(const struct dialogue *);

/* Send a line (without its end). Returns 0, or -1: it is over. */
int dialogue_say(struct dialogue *, const char *line);

/*
 * Hear the next line of a reply; timeout_ms -1 waits without end, 0 not at all. Events on the way
 * go to their handler. Returns 1; 0 when none came in time; -1: it is over, by the server's 421 or
 * by a lost connection. *line stays valid until the next call. A goodbye, 221, is the last line.
 */
int dialogue_hear(struct dialogue *, struct reply_line *line, int timeout_ms);

#define ANSWER_TEXT_SIZE 512

/*
 * Ask for objects: the continuation lines of the reply to command in JSON, whatever format the
 * user has chosen. text gets the final line's text, NULL when it does not matter. Returns the
 * final line's code with *objects, an array to be freed by json_decref; or -1: it is over,
 * *objects is NULL.
 */
int dialogue_ask(struct dialogue *, const char *command, json_t **objects,
		 char text[ANSWER_TEXT_SIZE]);

/* Have objects from now on instead of text. Returns 0, or -1: it is over. */
int dialogue_want_json(struct dialogue *);

/* The user chose a format by a command; dialogue_ask will go back to it. */
void dialogue_note_format(struct dialogue *, bool json);
bool dialogue_has_json(const struct dialogue *);

bool dialogue_over(const struct dialogue *);

/* Why it is over, for people: the words of 421 or what the system says; "" after a goodbye. */
const char *dialogue_why_over(const struct dialogue *);

#endif
