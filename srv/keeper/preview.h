#ifndef KEEPER_PREVIEW_H
#define KEEPER_PREVIEW_H

#include <stddef.h>
#include <stdio.h>
#include "config/settings.h"

/*
 * sprinkled -P: the same runner and interlocks on a virtual clock. Prints every switching of the
 * span "FROM/TO" (dates or RFC 3339 times, TO not in it) as a server started at FROM would make it
 * with nothing remembered. profiles NULL: the setting profiles_file; profile NULL: the one the file
 * calls active. TZ is the zone. Returns 0, or -1 with a sentence in error.
 */
int preview_print(const struct settings *, const char *span, const char *profiles,
		  const char *profile, FILE *out, char *error, size_t size);

#endif
