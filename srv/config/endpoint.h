#ifndef CONFIG_ENDPOINT_H
#define CONFIG_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* A listener as the user writes it: service[+tls]@address[,max=N]. */

struct endpoint {
	char service[32]; /* as written, without "+tls" */
	bool tls;
	char address[108]; /* "127.0.0.1:5050", "[::]:5051", "unix:/path" */
	struct sockaddr_storage sockaddr;
	socklen_t sockaddr_length;
	unsigned max; /* connections after which the listener closes; 0 no limit */
};

/*
 * Read text. Addresses are numeric: IPv4:PORT, [IPv6]:PORT (port 0 to 65535) or unix:PATH; no name
 * is looked up. Whether the service exists is not checked here. Returns 0, or -1 with errno EINVAL
 * and *why (a constant sentence: what is wrong and what is right).
 */
int endpoint_parse(const char *text, struct endpoint *, const char **why);

#endif
