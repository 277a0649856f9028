#ifndef STORM_SERVER_H
#define STORM_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A live sprinkled for the storm: simulated relays whose pins lie in a file that outlives it. */

struct server {
	char program[4096]; /* path of sprinkled */
	char folder[64];    /* its run_dir and state_dir */
	pid_t supervisor;
	unsigned port;
};

#define SERVER_RELAYS 8

/* Start it and wait for readiness, at most some seconds. 0, or -1 after saying why on stderr. */
int server_start(struct server *);

/* End it by ks and wait. Returns its wait status, or -1 when it did not end in time. */
int server_stop(struct server *);

/* Run sprinkled -O on its folder: 0 when it says that all relays are open. */
int server_open_relays(const struct server *);

/*
 * A client: connect, send request, read the reply up to its end of connection or limit_ms.
 * Returns the bytes read (NUL-terminated in reply), or -1.
 */
ssize_t server_talk(const struct server *, const char *request, char *reply, size_t size,
		    int limit_ms);

/* A connection, or -1. */
int server_connect(const struct server *);

/* The pins as they are now: bit 0 is relay 1, set is closed; -1 when they can't be read. */
long server_pins(const struct server *);

/* The keeper's pid and those of sessions, out of a reply to gat. */
pid_t keeper_in(const char *gat_reply);
size_t sessions_in(const char *gat_reply, pid_t pids[], size_t max);

long monotonic_ms(void);

#endif
