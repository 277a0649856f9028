#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include "dialogue.h"
#include "output.h"
#include "status.h"

/*
 * One command line and its reply, shown. Returns the reply's status. When the connection ended
 * without a goodbye that was asked for, why is shown too and the status is STATUS_LOST;
 * dialogue_over tells whether there can be another.
 */
enum status exchange(struct dialogue *, struct output *, const char *line);

#endif
