#ifndef SUPERVISOR_SOURCES_H
#define SUPERVISOR_SOURCES_H

#include <stdbool.h>
#include <sys/socket.h>
#include "source.h"

/*
 * How many connections each source (source.h) has. Unix-socket clients are not counted.
 */
struct sources;

#define SOURCE_NONE (-1) /* a peer without a source */
#define SOURCE_FULL (-2) /* limit reached */

struct sources *sources_create(unsigned max_clients); /* NULL with ENOMEM */
void sources_destroy(struct sources *);

/*
 * Count one more connection of this address. Returns the source's number for source_leave,
 * SOURCE_NONE for Unix sockets, or SOURCE_FULL when it has limit already.
 */
int source_enter(struct sources *, const struct sockaddr_storage *, unsigned limit);
void source_leave(struct sources *, int number);

/* The source of a number not yet given back; false for SOURCE_NONE. */
bool source_number_of(const struct sources *, int number, struct source *);

#endif
