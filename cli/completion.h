#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "dialogue.h"
#include "line_editor.h"

/* What can be typed, as the server itself tells: its commands, relays and profiles. */
struct completion;

struct completion *completion_create(void);   /* knows nothing yet; NULL with errno ENOMEM */
void completion_destroy(struct completion *); /* NULL is harmless */

/* Ask the server. What it won't tell stays unknown. Returns 0, or -1: the connection is over. */
int completion_learn(struct completion *, struct dialogue *);

/* Words that complete the last one of line. */
void completion_find(const struct completion *, const char *line, struct candidates *);

#endif
