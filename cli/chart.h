#ifndef CLI_CHART_H
#define CLI_CHART_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "output.h"

/* A time line for each relay. */

/* Can the command that line begins with be drawn? */
bool chart_knows(const char *line);

/*
 * Draw the objects of the reply to next or hist, as wide as the terminal (COLUMNS, else 80).
 * relays are grs' objects, for names. span_ms is how long a time the command asked for, 0: as long
 * as the objects tell of.
 */
void chart_print(const char *line, const struct output *, const json_t *objects,
		 const json_t *relays, int64_t span_ms);

#endif
