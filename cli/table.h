#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <jansson.h>
#include "output.h"

/* Replies in aligned columns, for terminals. */
struct table;

/* The tables of the command that a line begins with; NULL: there is none, its text does. */
const struct table *table_find(const char *line);

/* Print the objects of its reply. Objects of no table of the command are printed as "key value". */
void table_print(const struct table *, const struct output *, const json_t *objects);

#endif
