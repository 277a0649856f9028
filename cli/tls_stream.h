#ifndef CLI_TLS_STREAM_H
#define CLI_TLS_STREAM_H

#include <stdbool.h>
#include <sys/types.h>
#include "status.h"
#include "target.h"

/* TLS 1.2 or 1.3 by libtls over a connected socket, which stays its owner's. */
struct tls_stream;

/*
 * Shake hands, for at most 10 s, and see that the server is whom the target means: by its
 * authority's file, else by trust.h. Returns NULL with *failure.
 */
struct tls_stream *tls_stream_open(int socket, const struct target *, struct failure *);
void tls_stream_close(struct tls_stream *); /* says so to the server; NULL is harmless */

/* As read(2), but never blocks: -1 with EAGAIN when nothing has come. */
ssize_t tls_stream_read(struct tls_stream *, void *bytes, size_t size);

/* As connection_write. */
int tls_stream_write(struct tls_stream *, const void *bytes, size_t size);

/* May tls_stream_read have bytes though the socket is not readable? */
bool tls_stream_holds(const struct tls_stream *);

#endif
