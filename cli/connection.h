#ifndef CLI_CONNECTION_H
#define CLI_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "status.h"
#include "target.h"

/* A byte stream to a server. It alone knows what kind of stream it is. */
struct connection;

/*
 * Connect, trying every address of the host for at most 10 s each, and where the target says so
 * begin TLS with the first that answers. Returns NULL with *failure:
 * each address tried, what the system said, and what to do next.
 */
struct connection *connection_open(const struct target *, struct failure *);
void connection_close(struct connection *); /* NULL is harmless */

/* Readable when something has come, unless connection_holds. */
int connection_descriptor(const struct connection *);

/* May there be bytes that are not to be seen on the descriptor? No more once a read says EAGAIN. */
bool connection_holds(const struct connection *);

/*
 * As read(2): 0 the server closed its side, -1 with errno; EAGAIN: what came was no bytes yet.
 */
ssize_t connection_read(struct connection *, void *bytes, size_t size);

/* Write all of it. Returns 0, or -1 with errno; ETIMEDOUT: the server took nothing for 10 s. */
int connection_write(struct connection *, const void *bytes, size_t size);

#endif
