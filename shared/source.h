#ifndef SHARED_SOURCE_H
#define SHARED_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * Where a connection comes from, as far as limits and penalties are concerned: an IPv4 address
 * (mapped or not), or an IPv6 /64, which is one customer's network. Clients on Unix sockets have no
 * source.
 */
struct source {
	uint64_t key[2]; /* of equal sources equal; 0, 0 none */
};

#define SOURCE_TEXT_SIZE 64

bool source_of(const struct sockaddr_storage *peer, struct source *); /* false: it has none */
bool source_equal(const struct source *, const struct source *);

/* "192.168.1.20" or "2001:db8:1:2::/64". Returns text. */
char *source_format(const struct source *, char *text, size_t size);

/*
 * Does one of the networks hold it? networks are words such as 192.168.1.20, 10.0.0.0/8, ::1 and
 * 2001:db8::/32, apart by blanks or commas; of IPv6 the first 64 bits count.
 */
bool source_is_among(const struct source *, const char *networks);

/* 0, or -1 with errno EINVAL and a copy of the word that is none in wrong. */
int networks_check(const char *networks, char *wrong, size_t size);

#endif
