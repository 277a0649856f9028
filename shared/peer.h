#ifndef SHARED_PEER_H
#define SHARED_PEER_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Socket addresses as text and as sources of connections. */

#define PEER_TEXT_SIZE 64 /* holds "[ffff:…:255.255.255.255%interface]:65535" */

/*
 * "192.168.1.20:50514", "[2001:db8::1]:40123" (an IPv4-mapped address is written as IPv4), or for
 * AF_UNIX "unix:PATH" ("unix" when the peer has no name). Returns text.
 */
char *peer_format(const struct sockaddr_storage *, socklen_t, char *text, size_t size);

/* Is it 127.0.0.0/8, ::1 (mapped or not) or AF_UNIX? */
bool peer_is_loopback(const struct sockaddr_storage *);

#endif
