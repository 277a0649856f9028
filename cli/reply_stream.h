#ifndef CLI_REPLY_STREAM_H
#define CLI_REPLY_STREAM_H

#include "connection.h"
#include "reply.h"

/* Reply lines out of a connection's bytes; codes that this version does not know included. */
struct reply_stream;

struct reply_stream *reply_stream_create(struct connection *); /* NULL with errno ENOMEM */
void reply_stream_destroy(struct reply_stream *);	       /* NULL is harmless */

/*
 * The next line that has already come. Returns 1; 0 when there is none; -1 with errno EPROTO when
 * what came is no reply. *line stays valid until the next call of either function.
 */
int reply_stream_take(struct reply_stream *, struct reply_line *line);

/*
 * The next line, waiting at most timeout_ms for more bytes (-1: without end). Returns 1; 0 too
 * late; -1 with errno: 0 the server closed the connection, EPROTO, or read(2)'s.
 */
int reply_stream_next(struct reply_stream *, struct reply_line *line, int timeout_ms);

#endif
