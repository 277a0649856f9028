#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include "dialogue.h"
#include "output.h"

/*
 * One command line and its reply, shown. Returns the final line's code, for status_of_reply; or -1
 * when the connection was lost, and that is shown. dialogue_over tells whether there can be
 * another.
 */
int exchange(struct dialogue *, struct output *, const char *line);

#endif
