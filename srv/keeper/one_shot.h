#ifndef KEEPER_ONE_SHOT_H
#define KEEPER_ONE_SHOT_H

#include "config/settings.h"

/* What sprinkled(8) does without a server. Each prints what people need and returns an exit status.
 */

int one_shot_open(const struct settings *);   /* -O: open every relay */
int one_shot_check(const struct settings *);  /* -n: are the profiles good? */
int one_shot_doctor(const struct settings *); /* -D */

/* -P: print every switching of span ("FROM/TO"); profiles and profile may be NULL. */
int one_shot_preview(const struct settings *, const char *span, const char *profiles,
		     const char *profile);

#endif
