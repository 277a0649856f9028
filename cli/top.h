#ifndef CLI_TOP_H
#define CLI_TOP_H

#include "identity.h"
#include "status.h"
#include "target.h"

/*
 * The full screen: relays with the time that is left, the next switchings, the clients, kept up to
 * date by the server's events. Ends with q, or STATUS_LOST when the server can't be reached.
 */
enum status top_run(const struct target *, struct identity *);

#endif
