#ifndef CLI_TRUST_H
#define CLI_TRUST_H

#include <stdbool.h>
#include <time.h>
#include "status.h"

/* What a server showed of itself. */
struct certificate {
	const char *fingerprint; /* "SHA256:HEX" of the whole certificate */
	time_t not_before, not_after;
};

/*
 * Trust on first use, as ssh(1) does it: a certificate remembered for that place (host:port) is
 * good while it has not expired, another one is refused; an unknown one is asked about at the
 * terminal, or with accept_new taken, and then remembered. Returns 0, or -1 with *failure.
 */
int trust_decide(const char *place, const struct certificate *, bool accept_new, struct failure *);

#endif
