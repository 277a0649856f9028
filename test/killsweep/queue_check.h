#ifndef KILLSWEEP_QUEUE_CHECK_H
#define KILLSWEEP_QUEUE_CHECK_H

#include "state/segment.h"

/*
 * What must hold of the request queue whenever nobody holds the lock: each waiting place names a
 * slot that knows itself queued, none twice; no other slot does; no redo record is left. Returns
 * NULL, or what is wrong.
 */
const char *queue_fault(struct segment *);

#endif
