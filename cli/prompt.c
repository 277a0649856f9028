/*
 * The interactive client. Invariant: dialogue is NULL or not over whenever a line is being typed,
 * so the prompt tells the truth about the connection.
 */

#include "prompt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command_line.h"
#include "completion.h"
#include "dialogue.h"
#include "line_buffer.h"
#include "line_editor.h"
#include "printable.h"
#include "show.h"
#include "waiting.h"
#include "words.h"

struct prompt {
	const struct target *target;
	struct identity *identity;
	struct output *output;
	struct dialogue *dialogue; /* NULL: not connected */
	struct line_editor *editor;
	struct completion *completion;
	struct waiting waiting;
	char profile[64]; /* the one that runs; "" none */
	char text[1024];  /* what stands before the line */
};

static void event_show(void *context, const struct reply_line *event)
{
	struct prompt *prompt = context;

	line_editor_hide(prompt->editor);
	output_event(prompt->output, event);
	line_editor_show(prompt->editor);
}

/* The connection is over: say why and what can be done, and be without one. */
static void dialogue_lose(struct prompt *prompt)
{
	line_editor_hide(prompt->editor);
	output_failure(dialogue_why_over(prompt->dialogue));
	(void)puts("Enter connects again, Ctrl-D leaves.");
	dialogue_close(prompt->dialogue);
	prompt->dialogue = NULL;
	prompt->waiting.count = 0;
	*prompt->profile = '\0';
	line_editor_show(prompt->editor);
}

/* Which profile runs, and who waits: what the prompt shows. */
static void state_learn(struct prompt *prompt)
{
	json_t *answers;
	const char *name = NULL;

	if (dialogue_ask(prompt->dialogue, "gap", &answers, NULL) == -1 ||
	    waiting_refresh(&prompt->waiting, prompt->dialogue) == -1)
		return;
	const json_t *answer = json_array_get(answers, 0);
	if (json_is_true(json_object_get(answer, "running")))
		name = json_string_value(json_object_get(answer, "profile"));
	(void)printable_format(name ? name : "", prompt->profile, sizeof(prompt->profile));
	json_decref(answers);
}

static int prompt_connect(struct prompt *prompt, struct failure *failure)
{
	struct event_handler event = {.run = event_show, .context = prompt};

	prompt->dialogue = dialogue_open(prompt->target, prompt->identity, event, failure);
	if (!prompt->dialogue)
		return -1;
	if (prompt->output->json)
		(void)dialogue_want_json(prompt->dialogue); /* over is noticed before the line */
	(void)completion_learn(prompt->completion, prompt->dialogue); /* likewise */
	return 0;
}

static const char *text_give(void *context)
{
	struct prompt *prompt = context;
	char waiting[WAITING_TEXT_SIZE];
	bool waits = prompt->waiting.count > 0;

	(void)snprintf(prompt->text, sizeof(prompt->text), "%s%s%s%s%s%s%s%s> ",
		       prompt->target->name, *prompt->profile ? "[" : "", prompt->profile,
		       *prompt->profile ? "]" : "", waits ? " (" : "",
		       waiting_text(&prompt->waiting, waiting), waits ? ")" : "",
		       prompt->dialogue ? "" : " (not connected)"); /* cut is fine */
	return prompt->text;
}

static int descriptor_give(void *context)
{
	const struct prompt *prompt = context;

	return prompt->dialogue ? dialogue_descriptor(prompt->dialogue) : -1;
}

/* The server says something unasked: an event, a goodbye, or its connection breaks. */
static void server_hear(void *context)
{
	struct prompt *prompt = context;
	struct reply_line line;

	while (dialogue_hear(prompt->dialogue, &line, 0) == 1) {
		line_editor_hide(prompt->editor);
		output_line(prompt->output, &line);
		line_editor_show(prompt->editor);
	}
	if (dialogue_over(prompt->dialogue))
		dialogue_lose(prompt);
}

static int timeout_give(void *context)
{
	const struct prompt *prompt = context;

	return waiting_timeout_ms(&prompt->waiting);
}

/* The countdown in the prompt goes on. */
static void countdown_go_on(void *context)
{
	struct prompt *prompt = context;

	line_editor_hide(prompt->editor);
	if (waiting_is_due(&prompt->waiting))
		(void)waiting_refresh(&prompt->waiting, prompt->dialogue); /* asked for below */
	if (dialogue_over(prompt->dialogue))
		dialogue_lose(prompt);
	line_editor_show(prompt->editor);
}

static void word_complete(void *context, const char *line, struct candidates *candidates)
{
	const struct prompt *prompt = context;

	completion_find(prompt->completion, line, candidates);
}

/* "auth NAME": ask for the password, so that it is neither seen nor kept. */
static int password_append(const char *line, char full[LINE_MAX_BYTES], struct failure *failure)
{
	char copy[LINE_MAX_BYTES], password[PASSWORD_SIZE];
	char *words[3];

	(void)snprintf(full, LINE_MAX_BYTES, "%s", line);
	(void)snprintf(copy, sizeof(copy), "%s", line);
	if (!command_line_is(line, "auth") || words_split(copy, words, 3) != 2)
		return 0;
	if (password_ask(words[1], password, failure) == -1)
		return -1;
	words[2] = password;
	int joined = command_line_join(words, 3, full, LINE_MAX_BYTES);
	explicit_bzero(password, sizeof(password));
	if (joined == -1)
		return failure_set(failure, STATUS_USAGE,
				   "no command line can carry this password");
	return 0;
}

/* Does the command change what can be completed: what the user may know, or which profiles are? */
static bool changes_choices(const char *line)
{
	return command_line_is(line, "auth") || command_line_is(line, "mp") ||
	       command_line_is(line, "reload");
}

/* Send a line that was entered. Returns false when the user has said goodbye by it. */
static bool line_send(struct prompt *prompt, const char *line)
{
	char full[LINE_MAX_BYTES];
	struct failure failure;

	if (password_append(line, full, &failure) == -1) {
		output_failure(failure.text);
		return true;
	}
	int code = show_command(prompt->dialogue, prompt->output, full);
	explicit_bzero(full, sizeof(full));
	if (code != -1 && changes_choices(line))
		(void)completion_learn(prompt->completion,
				       prompt->dialogue); /* over is noticed before the next line */
	return code == -1 || code >= 400 || !dialogue_over(prompt->dialogue);
}

/* Have a connection again. Returns false when that failed, which is shown. */
static bool reconnect(struct prompt *prompt)
{
	struct failure failure;

	if (prompt->dialogue)
		return true;
	if (prompt_connect(prompt, &failure) == -1) {
		output_failure(failure.text);
		return false;
	}
	(void)printf("Connected to %s again.\n", prompt->target->name);
	return true;
}

static void lines_serve(struct prompt *prompt)
{
	enum edit_end end;
	const char *line;

	for (;;) {
		if (prompt->dialogue)
			state_learn(prompt);
		if (prompt->dialogue && dialogue_over(prompt->dialogue))
			dialogue_lose(prompt);
		end = line_editor_read(prompt->editor, &line);
		if (end == EDIT_LEFT)
			return;
		if (end == EDIT_CANCELLED || !reconnect(prompt) || !line[strspn(line, " \t")])
			continue;
		if (!command_line_is(line, "auth"))
			line_editor_remember(prompt->editor, line);
		if (!line_send(prompt, line))
			return;
	}
}

enum status prompt_run(const struct target *target, struct identity *identity,
		       struct output *output)
{
	static struct prompt prompt;
	const struct line_editor_handlers handlers = {
		.context = &prompt,
		.prompt = text_give,
		.descriptor = descriptor_give,
		.readable = server_hear,
		.timeout_ms = timeout_give,
		.time_over = countdown_go_on,
		.complete = word_complete,
	};
	struct failure failure = {.status = STATUS_DONE};

	prompt = (struct prompt){.target = target, .identity = identity, .output = output};
	prompt.completion = completion_create();
	prompt.editor = prompt.completion ? line_editor_create(&handlers) : NULL;
	if (!prompt.editor) {
		(void)failure_set(&failure, STATUS_LOST, "the prompt can't be set up: %s",
				  strerror(errno));
		output_failure(failure.text);
	} else if (prompt_connect(&prompt, &failure) == -1) {
		output_failure(failure.text);
	} else {
		lines_serve(&prompt);
		failure.status = prompt.dialogue ? STATUS_DONE : STATUS_LOST;
	}
	dialogue_close(prompt.dialogue);
	line_editor_destroy(prompt.editor);
	completion_destroy(prompt.completion);
	return failure.status;
}
