#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdbool.h>
#include "identity.h"
#include "output.h"
#include "status.h"
#include "target.h"

/*
 * Follow events, in text or one JSON object a line, until a signal ends the program or the server
 * goes (STATUS_LOST). With follow, connect again whenever the server has gone; that it can be
 * reached at the beginning is asked for all the same.
 */
enum status watch_run(const struct target *, struct identity *, struct output *, bool follow);

#endif
