#ifndef KILLSWEEP_EXCLUSIVE_H
#define KILLSWEEP_EXCLUSIVE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A load-exclusive and its store-exclusive can't be single-stepped: each stop clears the monitor
 * between them, so that the store fails and is tried again for ever. Such a pair is run over in
 * one go; as it changes memory by its last instruction alone, no state is left out.
 */

/*
 * If the stopped victim stands before such a pair: let it run to the pair's end. true when it
 * runs, false when it is to be single-stepped (always, where there are no such instructions).
 */
bool exclusive_run(pid_t);

/* The victim has stopped: nothing of exclusive_run is left in its way. */
void exclusive_end(pid_t);

#endif
