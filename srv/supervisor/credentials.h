#ifndef SUPERVISOR_CREDENTIALS_H
#define SUPERVISOR_CREDENTIALS_H

#include <stddef.h>
#include "config/settings.h"

/*
 * Certificate and private key of the listeners with +tls: read while root can, kept as memory files
 * that only a session inside TLS gets. Their content passes through here unread.
 */
struct credentials {
	int certificate, key; /* -1: no listener needs them */
};

#define NO_CREDENTIALS ((struct credentials){.certificate = -1, .key = -1})

/*
 * Read tls_cert and tls_key where a listener needs them, and see that libtls takes them; those held
 * before are let go. 0, or -1 with a sentence in error and *credentials as it was.
 */
int credentials_load(const struct settings *, struct credentials *, char *error, size_t size);

void credentials_close(struct credentials *); /* nothing is held any more; again is harmless */

#endif
