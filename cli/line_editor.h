#ifndef CLI_LINE_EDITOR_H
#define CLI_LINE_EDITOR_H

#include <stddef.h>

/*
 * Lines typed on the terminal, edited by libedit(3), while a descriptor and the clock are watched:
 * what they bring is printed above the line being typed, between line_editor_hide and _show.
 */
struct line_editor;

#define CANDIDATES_MAX 128

/* Words that could stand in place of what was typed of one. */
struct candidates {
	const char *word[CANDIDATES_MAX];
	size_t count;
	size_t typed; /* how many bytes of each stand before the cursor */
};

struct line_editor_handlers {
	void *context;
	/* What stands before the line. Stays valid until the next call. */
	const char *(*prompt)(void *context);
	/* What to watch (-1 nothing), and to call when it is readable. */
	int (*descriptor)(void *context);
	void (*readable)(void *context);
	/* How long to wait (-1 without end), and to call when the time is over. */
	int (*timeout_ms)(void *context);
	void (*time_over)(void *context);
	/* Whole words for the last one of line, which ends at the cursor; valid until the next key.
	 */
	void (*complete)(void *context, const char *line, struct candidates *);
};

enum edit_end {
	EDIT_LINE,	/* a line was entered */
	EDIT_CANCELLED, /* Ctrl-C: forget what was typed */
	EDIT_LEFT,	/* Ctrl-D on an empty line, the terminal is gone, SIGTERM or SIGHUP */
};

/* Standard input and output must be a terminal. NULL with errno. */
struct line_editor *line_editor_create(const struct line_editor_handlers *);
void line_editor_destroy(struct line_editor *); /* NULL is harmless */

/*
 * Have a line typed. For EDIT_LINE *line is it, without its end, valid until the next call.
 * SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGWINCH are taken while it waits, and only then.
 */
enum edit_end line_editor_read(struct line_editor *, const char **line);

/* Keep a line in the history and in its file (XDG_STATE_HOME/sprinkle/history, mode 0600). */
void line_editor_remember(struct line_editor *, const char *line);

/*
 * Take prompt and line off the screen, so that something can be printed there; put them back. Pairs
 * may stand inside each other, and outside line_editor_read, where they do nothing.
 */
void line_editor_hide(struct line_editor *);
void line_editor_show(struct line_editor *);

#endif
