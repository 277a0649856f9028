#ifndef KEEPER_ADMISSION_H
#define KEEPER_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "keeper/interlock.h"
#include "keeper/turns.h"

/* Who is let into the queue and who is told why not: for interlock.c alone. Relays are indexes. */

/* Could any relay ever pull in, with nothing closed but the master? */
bool admission_is_possible(const struct turns *);

/* May relay join the queue, by the rules of interlock_close? If not, reason gets why. */
bool admission_grant(const struct turns *, unsigned relay, enum interlock_cause, char *reason,
		     size_t size);

/* The first thing that keeps a relay that waits from closing at now_ms. */
void admission_explain(const struct turns *, unsigned relay, int64_t now_ms, char *reason,
		       size_t size);

#endif
