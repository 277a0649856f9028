#ifndef LOG_AUDIT_H
#define LOG_AUDIT_H

#include "config/users.h"

/*
 * What concerns security is a line of log of its own, always of one form, so that a program can
 * find it (sprinkled(8), SECURITY):
 *
 *   audit auth denied user="anna" role=none from="192.168.1.20:50514"
 *   audit command denied user="vera" role=viewer from="unix pid 811" command=src needs=operator
 *
 * Quotes in what stands between quotes are escaped, see printable.h.
 */

struct audit_subject {
	const char *user; /* as it says itself; "" none */
	enum role role;
	const char *from; /* address and port, or the peer's process */
};

/* It was done; a line of level info. The format adds words, "" none. */
void audit_done(const struct audit_subject *, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* It was denied; a warning. */
void audit_denied(const struct audit_subject *, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
