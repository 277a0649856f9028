#ifndef UNIT_SETTINGS_FIXTURE_H
#define UNIT_SETTINGS_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "config/settings.h"

/* What the tests of the settings share: settings to load into, and how. */

static struct settings settings;
static struct settings_error error;

/* Load without a file; the overrides end with NULL. */
static inline int load(const char *const *overrides)
{
	size_t count = 0;

	while (overrides[count])
		count++;
	error.text[0] = '\0';
	return settings_load(NULL, false, overrides, count, &settings, &error);
}

#define LOAD(...) load((const char *const[]){__VA_ARGS__, NULL})

/* Numbers read from the text that C writes alike: equal to the bit. */
static inline void assert_number(double number, double expected)
{
	assert_false(number < expected || number > expected || isnan(number));
}

#endif
