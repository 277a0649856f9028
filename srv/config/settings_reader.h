#ifndef CONFIG_SETTINGS_READER_H
#define CONFIG_SETTINGS_READER_H

#include <stddef.h>
#include "config/settings.h"
#include "config/settings_table.h"

/*
 * What is known while settings are being read: where each came from, so that whatever is wrong with
 * it, alone or together with others, is said with its place. Private to this folder.
 */

enum settings_source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_OPTION };

struct settings_place {
	enum settings_source source;
	unsigned line; /* of the file, from 1 */
};

struct settings_reader {
	struct settings *settings;			/* being filled */
	struct settings_error *error;			/* told what is wrong */
	const char *path;				/* the file's name for messages */
	enum settings_source source;			/* being read now */
	struct settings_place place[SETTINGS_ROWS_MAX]; /* of each row of settings_table */
	struct settings_place listen_place[SETTINGS_LISTENERS_MAX], relay_place[RELAYS_MAX];
};

/* Where the setting that struct settings' row stands for came from. */
struct settings_place *settings_place(struct settings_reader *, const struct setting *row);

/*
 * Say what is wrong: "FILE:LINE: key: …", "-o key: …" or "key: …" by the place; key NULL leaves it
 * out. Sets errno EINVAL. Returns -1.
 */
int settings_complain(struct settings_reader *, struct settings_place, const char *key,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Read YAML: with setting NULL a whole file's text, else the value of that setting as it would
 * stand in the file. Returns 0, or -1 after settings_complain.
 */
int settings_read_text(struct settings_reader *, const struct setting *, const char *text,
		       size_t length);

/* Do the settings go together? 0, or -1. */
int settings_check(struct settings_reader *);

/*
 * Read one plain value into the row's field of the struct at base. Returns 0, or -1 with errno
 * EINVAL and a clause in why that names text, what is wrong and what is right.
 */
int setting_read(const struct setting *, const char *text, void *base, char *why, size_t size);

#endif
