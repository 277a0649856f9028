#ifndef CLI_PAST_LINES_H
#define CLI_PAST_LINES_H

#include <histedit.h>

/* The history of lines, kept in XDG_STATE_HOME/sprinkle/history, mode 0600. */
struct past_lines;

struct past_lines *past_lines_create(void);   /* NULL with errno */
void past_lines_destroy(struct past_lines *); /* NULL is harmless */

/* Let editor find them. */
void past_lines_offer(struct past_lines *, EditLine *editor);

/* Add a line and save all. Returns 0, or -1 with errno when the file could not be written. */
int past_lines_add(struct past_lines *, const char *line);

#endif
