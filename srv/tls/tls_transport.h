#ifndef TLS_TLS_TRANSPORT_H
#define TLS_TLS_TRANSPORT_H

#include <stdint.h>
#include "session/channel.h"

struct tls;

/*
 * Shake hands with the client on socket until deadline_ms (CLOCK_MONOTONIC; -1 none), or until
 * SIGTERM. Returns its stream, to be ended by tls_transport_end; or NULL with *why, which is NULL
 * when the server ends, else why the client is none, valid until server is freed.
 */
struct tls *tls_transport_begin(struct tls *server, int socket, int64_t deadline_ms,
				const char **why);

/* The stream as what carries a channel. */
struct transport tls_transport_of(struct tls *stream);

/* Tell the client that nothing more comes (close_notify), without waiting for it, and free. */
void tls_transport_end(struct tls *stream);

#endif
