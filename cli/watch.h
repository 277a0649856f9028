#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "dialogue.h"
#include "status.h"

/*
 * Follow events until the server goes (STATUS_LOST) or a signal ends the program; with follow,
 * connect again whenever the server has gone.
 */
enum status watch_run(struct dialogue *);

#endif
