#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "dialogue.h"
#include "output.h"
#include "status.h"

/*
 * Commands from standard input, one a line, each sent after the reply to the one before; empty
 * lines and those that begin with # are left out. Goes on after a refused command. Returns the
 * gravest status (the highest number), or STATUS_LOST at once.
 */
enum status batch_run(struct dialogue *, struct output *);

#endif
