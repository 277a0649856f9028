#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include "reply.h"

/*
 * What the user sees: answers on standard output, failures on standard error. Text of a server
 * reaches a terminal without control characters. Everything is flushed at the end of a reply.
 */
struct output {
	bool json;     /* objects as arrays, one for each reply; events as lines */
	bool quiet;    /* failures only */
	bool terminal; /* standard output is a terminal with a cursor that can be moved */
	bool colour;   /* and it shall have colours */
	bool began;    /* an array is begun */
};

/* How to show, by the options and the environment (NO_COLOR, TERM; no-color.org). */
struct output output_choose(bool json, bool quiet);

/* A line of a reply, continuation or final. */
void output_line(struct output *, const struct reply_line *);

/* An event: in text, or as an object. */
void output_event(struct output *, const struct reply_line *);

/* An object of a reply shown by other means than lines; the array is ended by output_line. */
void output_object(struct output *, const json_t *object);

/* "sprinkle: TEXT", each line of text, on standard error. */
void output_failure(const char *text);

/* Write text without control characters; a backslash stays one. */
void output_text(const char *text, bool to_error);

/* Standard output took everything? Returns 0, or -1 with errno. */
int output_finish(void);

#endif
