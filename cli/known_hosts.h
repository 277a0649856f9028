#ifndef CLI_KNOWN_HOSTS_H
#define CLI_KNOWN_HOSTS_H

#include <limits.h>
#include "status.h"

/*
 * The certificates met before: ~/.config/sprinkle/known_hosts (XDG_CONFIG_HOME respected), mode
 * 0600. Each line has a place, host:port or [IPv6]:port, and a fingerprint, SHA256:HEX. "#" begins
 * a comment line.
 */

#define FINGERPRINT_SIZE 80 /* holds "SHA256:" and 64 digits */

struct known_host {
	char fingerprint[FINGERPRINT_SIZE];
	char path[PATH_MAX]; /* of the file, and the line in it, from 1 */
	unsigned line;
};

/*
 * Find that place. Returns 1; 0 when it is not known (or there is no file); -1 with *failure when
 * the file can't be read or has a bad line.
 */
int known_hosts_find(const char *place, struct known_host *, struct failure *);

/* Add it. Returns 0, or -1 with *failure. */
int known_hosts_add(const char *place, const char *fingerprint, struct failure *);

#endif
