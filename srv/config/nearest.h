#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include "config/settings_table.h"

/*
 * The name in the table nearest to a mistyped one by edits (insert, delete, replace a letter), or
 * NULL when none is near enough to be meant.
 */
const char *setting_nearest(const struct setting *table, const char *mistyped);

#endif
