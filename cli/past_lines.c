#include "past_lines.h"

#include <bsd/string.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include "user_folder.h"

enum { LINES_MAX = 1000 };

struct past_lines {
	History *history;
	char path[PATH_MAX]; /* "" nowhere to keep them */
};

/* Without a folder the lines are forgotten at the end, which is no reason to refuse them. */
static void file_load(struct past_lines *past)
{
	char path[PATH_MAX];
	HistEvent event;

	if (!user_folder_file(USER_STATE, "history", path) || user_folder_make(path) == -1)
		return;
	(void)strlcpy(past->path, path, sizeof(past->path));	  /* same size */
	(void)history(past->history, &event, H_LOAD, past->path); /* the first time there is none */
}

struct past_lines *past_lines_create(void)
{
	struct past_lines *past = calloc(1, sizeof(*past));
	HistEvent event;

	if (!past)
		return NULL;
	past->history = history_init();
	if (!past->history) {
		free(past);
		errno = ENOMEM;
		return NULL;
	}
	(void)history(past->history, &event, H_SETSIZE, LINES_MAX); /* no other size would do */
	(void)history(past->history, &event, H_SETUNIQUE, 1);
	file_load(past);
	return past;
}

void past_lines_destroy(struct past_lines *past)
{
	if (!past)
		return;
	history_end(past->history);
	free(past);
}

void past_lines_offer(struct past_lines *past, EditLine *editor)
{
	(void)el_set(editor, EL_HIST, history, past->history); /* without it there is no history */
}

int past_lines_add(struct past_lines *past, const char *line)
{
	HistEvent event;

	if (history(past->history, &event, H_ENTER, line) == -1) {
		errno = ENOMEM;
		return -1;
	}
	if (!*past->path)
		return 0;
	/* history_save of libedit makes the file's mode 0600 before it writes the first line */
	return history(past->history, &event, H_SAVE, past->path) == -1 ? -1 : 0;
}
