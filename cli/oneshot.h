#ifndef CLI_ONESHOT_H
#define CLI_ONESHOT_H

#include <stddef.h>
#include "dialogue.h"
#include "output.h"
#include "status.h"

/* One command from the words of the command line. */
enum status oneshot_run(struct dialogue *, struct output *, char *const words[], size_t count);

#endif
