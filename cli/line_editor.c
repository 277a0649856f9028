/*
 * libedit reads its characters through key_read, which waits for the keyboard, the watched
 * descriptor, the clock and signals at once. Invariant: the signals are blocked while a line is
 * typed and come through the signalfd; outside they have their usual effects.
 */

#include "line_editor.h"

#include <curses.h>
#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>
#include "fitting.h"
#include "past_lines.h"

struct line_editor {
	struct line_editor_handlers handlers;
	EditLine *edit;
	struct past_lines *past;
	char *line;	   /* the last one entered */
	int signals;	   /* signalfd */
	sigset_t taken;	   /* the signals it takes */
	bool typing;	   /* inside el_gets */
	unsigned hidden;   /* how often line_editor_hide was called without line_editor_show */
	bool cancelled;	   /* Ctrl-C ended it */
	mbstate_t partial; /* of a character whose bytes have not all come */
};

static struct line_editor *editor_of(EditLine *edit)
{
	struct line_editor *editor = NULL;

	(void)el_get(edit, EL_CLIENTDATA, &editor); /* set when it was created */
	return editor;
}

/* libedit can't take a prompt that is no text in the locale. */
static char *prompt_give(EditLine *edit)
{
	struct line_editor *editor = editor_of(edit);
	const char *prompt = editor->handlers.prompt(editor->handlers.context);

	return mbstowcs(NULL, prompt, 0) == (size_t)-1 ? "> " : (char *)prompt;
}

/* Columns from the prompt's begin to the cursor. */
static int cursor_distance(struct line_editor *editor)
{
	const LineInfo *typed = el_line(editor->edit);
	char *before = strndup(typed->buffer, (size_t)(typed->cursor - typed->buffer));
	int distance = fitting_columns(prompt_give(editor->edit));

	distance += before ? fitting_columns(before) : 0; /* without memory a line may be spoiled */
	free(before);
	return distance;
}

/* Send a capability of the terminal, when it has that. */
static void terminal_do(const char *capability)
{
	const char *sequence = tigetstr(capability);

	if (sequence && sequence != (char *)-1)
		(void)putp(sequence); /* stdout tells a failure when it is flushed */
}

void line_editor_hide(struct line_editor *editor)
{
	int width = 80;

	if (editor->hidden++ > 0 || !editor->typing)
		return;
	(void)el_get(editor->edit, EL_GETTC, "co", &width); /* 80 when it does not know */
	(void)putchar('\r');
	for (int row = cursor_distance(editor) / (width > 0 ? width : 80); row > 0; row--)
		terminal_do("cuu1");
	terminal_do("ed");
	(void)fflush(stdout);
}

void line_editor_show(struct line_editor *editor)
{
	(void)fflush(stdout);
	if (--editor->hidden == 0 && editor->typing)
		(void)el_set(editor->edit, EL_REFRESH); /* there is nothing else it could do */
}

/* Ctrl-Z: give the terminal back, stop, and go on where the line was. */
static void editor_stop(struct line_editor *editor)
{
	line_editor_hide(editor);
	(void)el_set(editor->edit, EL_PREP_TERM, 0);
	(void)kill(getpid(), SIGSTOP);
	(void)el_set(editor->edit, EL_PREP_TERM, 1);
	line_editor_show(editor);
}

/* Returns false when the signal ends the line. */
static bool signal_take(struct line_editor *editor)
{
	struct signalfd_siginfo info;

	if (read(editor->signals, &info, sizeof(info)) != sizeof(info))
		return true; /* there was none after all */
	switch (info.ssi_signo) {
	case SIGWINCH:
		line_editor_hide(editor);
		el_resize(editor->edit);
		line_editor_show(editor);
		return true;
	case SIGTSTP:
		editor_stop(editor);
		return true;
	case SIGINT:
		editor->cancelled = true;
		return false;
	default:
		return false;
	}
}

/* A byte of the keyboard. Returns 1 a character, 0 not yet a whole one, -1 the terminal is gone. */
static int byte_take(struct line_editor *editor, wchar_t *character)
{
	char byte;
	ssize_t count = read(STDIN_FILENO, &byte, 1);

	if (count == -1 && errno == EINTR)
		return 0;
	if (count != 1)
		return -1;
	size_t length = mbrtowc(character, &byte, 1, &editor->partial);
	if (length == (size_t)-1) /* no text in this locale: dropped */
		memset(&editor->partial, 0, sizeof(editor->partial));
	if (length == 0)
		*character = L'\0';
	return length <= 1 ? 1 : 0;
}

/* libedit's source of characters: 1 a character, -1 the line ends without one. */
static int key_read(EditLine *edit, wchar_t *character)
{
	struct line_editor *editor = editor_of(edit);
	const struct line_editor_handlers *handlers = &editor->handlers;

	for (;;) {
		struct pollfd ready[] = {
			{.fd = STDIN_FILENO, .events = POLLIN},
			{.fd = editor->signals, .events = POLLIN},
			{.fd = handlers->descriptor(handlers->context), .events = POLLIN},
		};
		int count = poll(ready, 3, handlers->timeout_ms(handlers->context));
		if (count == 0)
			handlers->time_over(handlers->context);
		if (count <= 0)
			continue; /* EINTR is the only failure there is here */
		if (ready[1].revents && !signal_take(editor))
			return -1;
		if (ready[2].revents)
			handlers->readable(handlers->context);
		int taken = ready[0].revents ? byte_take(editor, character) : 0;
		if (taken != 0)
			return taken;
	}
}

/* How many first bytes all candidates share. */
static size_t common_length(const struct candidates *candidates)
{
	size_t length = strlen(candidates->word[0]);

	for (size_t i = 1; i < candidates->count; i++)
		for (size_t c = 0; c < length; c++)
			if (candidates->word[i][c] != candidates->word[0][c])
				length = c;
	return length;
}

static void candidates_list(struct line_editor *editor, const struct candidates *candidates)
{
	line_editor_hide(editor);
	for (size_t i = 0; i < candidates->count; i++)
		(void)printf("%s%s", i > 0 ? "  " : "", candidates->word[i]);
	(void)putchar('\n');
	line_editor_show(editor);
}

/* The Tab key: what all candidates share is inserted; when that is nothing they are listed. */
static unsigned char word_complete(EditLine *edit, int key)
{
	struct line_editor *editor = editor_of(edit);
	const LineInfo *typed = el_line(edit);
	struct candidates candidates = {.count = 0};
	char *line = strndup(typed->buffer, (size_t)(typed->cursor - typed->buffer));
	char more[256];

	(void)key; /* it is Tab */
	if (!line)
		return CC_REFRESH_BEEP;
	editor->handlers.complete(editor->handlers.context, line, &candidates);
	free(line);
	if (candidates.count == 0)
		return CC_REFRESH_BEEP;
	size_t common = common_length(&candidates);
	(void)snprintf(more, sizeof(more), "%.*s%s", (int)(common - candidates.typed),
		       candidates.word[0] + candidates.typed, candidates.count == 1 ? " " : "");
	if (*more && el_insertstr(edit, more) == 0)
		return CC_REFRESH;
	candidates_list(editor, &candidates);
	return CC_REFRESH;
}

static int edit_set_up(struct line_editor *editor)
{
	EditLine *edit = editor->edit;

	past_lines_offer(editor->past, edit);
	if (el_set(edit, EL_CLIENTDATA, editor) == -1 ||
	    el_set(edit, EL_PROMPT, prompt_give) == -1 || el_set(edit, EL_EDITOR, "emacs") == -1 ||
	    el_set(edit, EL_GETCFN, key_read) == -1 ||
	    el_set(edit, EL_ADDFN, "sprinkle-complete", "complete the word", word_complete) == -1 ||
	    el_set(edit, EL_BIND, "^I", "sprinkle-complete", NULL) == -1 ||
	    el_set(edit, EL_BIND, "^R", "em-inc-search-prev", NULL) == -1)
		return -1;
	(void)el_source(edit, NULL); /* ~/.editrc, which there need not be */
	return 0;
}

struct line_editor *line_editor_create(const struct line_editor_handlers *handlers)
{
	struct line_editor *editor = calloc(1, sizeof(*editor));

	if (!editor)
		return NULL;
	editor->handlers = *handlers;
	(void)sigemptyset(&editor->taken);
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaddset(&editor->taken, signals[i]); /* these exist */
	editor->signals = signalfd(-1, &editor->taken, SFD_CLOEXEC | SFD_NONBLOCK);
	editor->past = past_lines_create();
	editor->edit = el_init("sprinkle", stdin, stdout, stderr);
	if (editor->signals != -1 && editor->past && editor->edit && edit_set_up(editor) == 0)
		return editor;
	line_editor_destroy(editor);
	return NULL;
}

void line_editor_destroy(struct line_editor *editor)
{
	if (!editor)
		return;
	if (editor->edit)
		el_end(editor->edit);
	past_lines_destroy(editor->past);
	if (editor->signals != -1)
		(void)close(editor->signals); /* nothing is written to it */
	free(editor->line);
	free(editor);
}

enum edit_end line_editor_read(struct line_editor *editor, const char **line)
{
	int count;
	sigset_t before;

	(void)sigprocmask(SIG_BLOCK, &editor->taken, &before); /* valid arguments can't fail */
	editor->cancelled = false;
	memset(&editor->partial, 0, sizeof(editor->partial));
	editor->typing = true;
	const char *typed = el_gets(editor->edit, &count);
	editor->typing = false;
	(void)sigprocmask(SIG_SETMASK, &before, NULL); /* as above */
	free(editor->line);
	editor->line = typed ? strdup(typed) : NULL;
	if (!editor->line) {
		(void)puts(editor->cancelled ? "^C" : "");
		return editor->cancelled ? EDIT_CANCELLED : EDIT_LEFT;
	}
	editor->line[strcspn(editor->line, "\r\n")] = '\0';
	*line = editor->line;
	return EDIT_LINE;
}

void line_editor_remember(struct line_editor *editor, const char *line)
{
	(void)past_lines_add(editor->past,
			     line); /* a full disk costs the history, not the command */
}
