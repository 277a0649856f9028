#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include <stdbool.h>
#include "hosts_file.h"
#include "options.h"
#include "status.h"

/* Where to connect to: a Unix socket, or a host and a port. */
struct target {
	char name[HOST_COLUMN_SIZE]; /* for people: "localhost", "garden", "192.168.1.5" */
	char socket[108];	     /* path of the Unix socket; "" TCP only */
	char host[HOST_COLUMN_SIZE]; /* for TCP; with socket set, tried when there is no socket */
	char port[HOST_COLUMN_SIZE]; /* number or name of services(5) */
	char password[HOST_COLUMN_SIZE]; /* from the hosts file; "" none */
	bool tls;			 /* never by the Unix socket */
	bool accept_new;		 /* see trust.h */
	const char *ca_file;		 /* trust by this authority instead; NULL none */
};

/*
 * Choose by the options -H, -p, -s, -T and by the first words: s, l, i or a name of the hosts file
 * (or two of them, "l garden"). Those words are taken off options->words.
 * Returns 0, or -1 with *failure.
 */
int target_choose(struct options *, struct target *, struct failure *);

#endif
