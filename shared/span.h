#ifndef SHARED_SPAN_H
#define SHARED_SPAN_H

#include <stddef.h>
#include <stdint.h>

/*
 * Lengths of time as people write them: "90", "90s", "10m", "1h30m", "7d", "200ms", "1.5".
 * A bare number is minutes. Decimals are allowed everywhere ("1.5h", ".5"), blanks and signs are
 * not. Units in falling order, each once: d h m s ms; case is free.
 */

/* The longest span accepted: 366 days, in milliseconds. */
#define SPAN_MAX_MS (INT64_C(366) * 86400 * 1000)

/*
 * Read the whole of text as a span, in milliseconds (0 to SPAN_MAX_MS, rounded to the nearest).
 * Returns 0, or -1 with errno: EINVAL not a span, ERANGE longer than SPAN_MAX_MS.
 */
int span_parse(const char *text, int64_t *ms);

/*
 * Write a span the way span_parse reads it, largest units first ("1h30m", "90s" becomes "1m30s",
 * 0 and less are "0s"). Cuts at size like snprintf; 32 bytes always do. Returns text.
 */
char *span_format(int64_t ms, char *text, size_t size);

#endif
