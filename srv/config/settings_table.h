#ifndef CONFIG_SETTINGS_TABLE_H
#define CONFIG_SETTINGS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "config/settings.h"

/*
 * The one place that knows every setting. Reading, -o, checking, defaults, sprinkled -o help and
 * the test against the manual are read off these tables. Private to this folder.
 */

enum setting_type {
	SETTING_BOOL,	/* bool: the index in words is even for no, odd for yes */
	SETTING_CHOICE, /* an enum: the index in words */
	SETTING_SPAN,	/* int64_t, milliseconds */
	SETTING_COUNT,	/* unsigned or int: a whole number */
	SETTING_NUMBER, /* double */
	SETTING_TEXT,	/* char[size] */
	SETTING_PATH,	/* char[size]: absolute, or one of words */
	SETTING_LISTEN, /* the list of listeners */
	SETTING_RELAYS, /* the list of relays */
};

struct setting {
	const char *name;
	enum setting_type type;
	const char *type_text;	  /* the type as people read it */
	size_t offset, size;	  /* of the field in its struct */
	const char *initial;	  /* the default, as it would be written in the file */
	double least, most;	  /* bounds of spans (milliseconds), counts and numbers */
	const char *const *words; /* ended by NULL; NULL none */
	bool optional;		  /* "none" and '' mean none: NaN for a number, else 0 */
	bool needed;		  /* no empty text */
	bool at_start;		  /* takes effect only at a start */
	bool with_relays;	  /* belongs to the relays it was written for */
	const char *help;
};

/* Every setting of sprinkled.yml(5), and every field of an entry of relays; ended by name NULL. */
extern const struct setting settings_table[];
extern const struct setting relay_table[];

/* The row of that name, or NULL. */
const struct setting *setting_find(const struct setting *table, const char *name);

/* How many rows the tables hold at most, for what is kept beside each row. */
#define SETTINGS_ROWS_MAX 64

#endif
