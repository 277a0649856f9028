#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "identity.h"
#include "output.h"
#include "status.h"
#include "target.h"

/*
 * Commands typed on a terminal until the user leaves. What the server says meanwhile is shown at
 * once above the line; a server that went can be connected to again.
 */
enum status prompt_run(const struct target *, struct identity *, struct output *);

#endif
