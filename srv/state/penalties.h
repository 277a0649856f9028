#ifndef STATE_PENALTIES_H
#define STATE_PENALTIES_H

#include <stdbool.h>
#include <stdint.h>
#include "source.h"
#include "state/segment.h"

/*
 * Penalties of source addresses, as sshd_config(5)'s PerSourcePenalties: each offence adds its span
 * to what is left of the earlier ones; from a sum on the source is refused until all of it is over.
 * The supervisor alone writes. At most PENALTIES_MAX sources have one; a further one takes the
 * place of the one that ends first.
 */

enum { PENALTIES_MAX = 512 };

struct penalty {
	struct source source;
	int64_t until_ms; /* CLOCK_MONOTONIC; gone by: there is none */
	bool refused;	  /* it has reached the least that is refused */
};

struct penalty_rule {
	int64_t least_ms; /* below, nobody is refused */
	int64_t most_ms;  /* no penalty lasts longer */
};

/* Supervisor: span_ms more for that source. */
void penalty_add(struct segment *, const struct source *, int64_t span_ms,
		 const struct penalty_rule *);

/* Supervisor: until when (CLOCK_MONOTONIC) the source is refused; 0: it is not. */
int64_t penalty_until_ms(struct segment *, const struct source *);

/* Anyone: a consistent copy of the penalty at place number or after it; the place after, or -1. */
int penalty_next(struct segment *, int number, struct penalty *);

#endif
