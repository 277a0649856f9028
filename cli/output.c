#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "printable.h"
#include "reply.h"

static const char red[] = "\033[31m";
static const char plain[] = "\033[m";

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

struct output output_choose(bool json, bool quiet)
{
	const char *kind = getenv("TERM");
	bool terminal = isatty(STDOUT_FILENO) && kind && strcmp(kind, "dumb") != 0;

	return (struct output){
		.json = json,
		.quiet = quiet,
		.terminal = terminal,
		.colour = terminal && !is_set("NO_COLOR"),
	};
}

/* A failed write shows up in output_finish; standard error has nowhere to complain to. */
static void stream_put(const char *text, FILE *stream)
{
	(void)fputs(text, stream);
}

void output_text(const char *text, bool to_error)
{
	FILE *stream = to_error ? stderr : stdout;

	/* printable_format doubles backslashes; what a server sends has its own already */
	while (*text) {
		size_t length = strcspn(text, "\\");
		char *piece = strndup(text, length);
		char *safe = piece ? malloc(PRINTABLE_SIZE(length)) : NULL;
		if (safe)
			stream_put(printable_format(piece, safe, PRINTABLE_SIZE(length)), stream);
		free(safe);
		free(piece);
		text += length;
		for (; *text == '\\'; text++)
			stream_put("\\", stream);
	}
}

void output_failure(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = strndup(text, length);
		stream_put("sprinkle: ", stderr);
		output_text(line ? line : "no memory is left", true);
		stream_put("\n", stderr);
		free(line);
		text += length + (text[length] == '\n');
	}
}

/* On a terminal what is not ASCII is escaped: JSON has no other way to disarm such characters. */
static void object_put(const json_t *object)
{
	size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(REPLY_NUMBER_DIGITS) |
		       (isatty(STDOUT_FILENO) ? JSON_ENSURE_ASCII : 0);

	if (json_dumpf(object, stdout, flags) == -1)
		stream_put("null",
			   stdout); /* the object ran out of memory; the array stays valid */
}

void output_object(struct output *output, const json_t *object)
{
	if (output->quiet)
		return;
	stream_put(output->began ? ",\n" : "[\n", stdout);
	output->began = true;
	object_put(object);
}

/* A reply's text as an object; one that is none (of another version) is kept as a string. */
static json_t *object_of(const char *text)
{
	json_t *object = json_loads(text, JSON_DECODE_ANY, NULL);

	return object ? object : json_string(text);
}

static void array_end(struct output *output)
{
	if (!output->quiet)
		stream_put(output->began ? "\n]\n" : "[]\n", stdout);
	output->began = false;
}

static void text_line(const struct output *output, const struct reply_line *line)
{
	bool failed = line->code >= 400;

	if (!*line->text || (output->quiet && !failed))
		return;
	if (failed && line->final)
		stream_put("sprinkle: ", stderr);
	if (failed && output->colour && isatty(STDERR_FILENO)) {
		stream_put(red, stderr);
		output_text(line->text, true);
		stream_put(plain, stderr);
	} else {
		output_text(line->text, failed);
	}
	stream_put("\n", failed ? stderr : stdout);
}

void output_line(struct output *output, const struct reply_line *line)
{
	if (output->json && !line->final) {
		json_t *object = object_of(line->text);
		output_object(output, object);
		json_decref(object);
		return;
	}
	if (output->json)
		array_end(output);
	if (!output->json || line->code >= 400)
		text_line(output, line);
	if (line->final)
		(void)fflush(stdout); /* output_finish tells */
}

/* An event that came as an object while the user reads text: "TIME EVENT: TEXT". */
static void event_text(const char *text)
{
	json_t *object = json_loads(text, 0, NULL);
	const char *time = json_string_value(json_object_get(object, "time"));
	const char *event = json_string_value(json_object_get(object, "event"));
	const char *what = json_string_value(json_object_get(object, "text"));

	if (time && event && what) {
		output_text(time, false);
		stream_put(" ", stdout);
		output_text(event, false);
		stream_put(": ", stdout);
		output_text(what, false);
	} else {
		output_text(text, false);
	}
	stream_put("\n", stdout);
	json_decref(object);
}

void output_event(struct output *output, const struct reply_line *line)
{
	if (output->json) {
		json_t *object = object_of(line->text);
		object_put(object);
		stream_put("\n", stdout);
		json_decref(object);
	} else {
		event_text(line->text);
	}
	(void)fflush(stdout); /* output_finish tells */
}

int output_finish(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	if (errno == 0)
		errno = EIO;
	return -1;
}
