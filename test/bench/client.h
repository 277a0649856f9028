#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A client's side of a connection to 127.0.0.1. What can't happen with a sound server ends it all.
 */

struct client {
	int socket;
	size_t held;
	char bytes[8192];
};

/* Connect and read the greeting; exits when there is none. */
void client_open(struct client *, in_port_t port);

/* Read on to the end of a reply's final line "NNN …"; false at the connection's end. */
bool client_reply(struct client *);

/* Read one line, without its end. NULL at the connection's end. Good until the next reading. */
const char *client_line(struct client *);

/* Send the line (with its end) and read the reply; exits when none comes. */
void client_ask(struct client *, const char *line);

void client_send(struct client *, const char *text);

/* Read to the connection's end, and close. */
void client_close(struct client *);

int64_t now_ns(void); /* CLOCK_MONOTONIC */

/* May this process have so many descriptors? Exits when not. */
void descriptors_want(unsigned count);

#endif
