#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "dialogue.h"
#include "output.h"

/*
 * One command line and its reply, shown in the way that suits: a chart when it ends in --chart, a
 * table on a terminal, else the reply's lines as they come. Returns as exchange does.
 */
int show_command(struct dialogue *, struct output *, const char *line);

#endif
