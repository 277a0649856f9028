/* Settings from defaults, file and command line: all of them right, or none taken. */
#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/nearest.h"
#include "config/settings_reader.h"
#include "config/whole_file.h"

/* What is listened to when nobody says: the socket lies in the run_dir in force. */
static void listen_default(struct settings *settings)
{
	settings->listen_default = true;
	settings->listen_count = 2;
	/* A path cut here is too long for a socket anyhow: settings_check says so. */
	(void)snprintf(settings->listen[0], SETTING_TEXT_SIZE, "control@unix:%.200s/sprinkled.sock",
		       settings->run_dir);
	(void)strlcpy(settings->listen[1], "control@127.0.0.1:5050", SETTING_TEXT_SIZE);
}

void settings_defaults(struct settings *settings)
{
	struct settings_error error;
	struct settings_reader reader = {.settings = settings, .error = &error};

	*settings = (struct settings){0};
	for (const struct setting *row = settings_table; row->name; row++)
		if (settings_read_text(&reader, row, row->initial, strlen(row->initial)) == -1)
			abort(); /* a default of the table is wrong, or there is no memory at all */
	listen_default(settings);
}

static int file_read(struct settings_reader *reader, bool must_exist)
{
	size_t length;
	char *text = whole_file_read(reader->path, &length);
	int result;

	if (!text) {
		int saved_errno = errno;

		if (saved_errno == ENOENT && !must_exist)
			return 0;
		(void)snprintf(reader->error->text, sizeof(reader->error->text), "%s: %s",
			       reader->path, strerror(saved_errno)); /* a cut message still helps */
		errno = saved_errno;
		return -1;
	}
	reader->source = SOURCE_FILE;
	result = settings_read_text(reader, NULL, text, length);
	free(text);
	return result;
}

/* "KEY=VALUE": the last of several for one KEY holds. */
static int override_read(struct settings_reader *reader, const char *override)
{
	struct settings_place place = {.source = SOURCE_OPTION};
	const char *equals = strchr(override, '='), *value, *nearest;
	const struct setting *setting;
	char key[64];

	reader->source = SOURCE_OPTION;
	(void)snprintf(key, sizeof(key), "%.*s",
		       (int)(equals ? equals - override : (ptrdiff_t)strlen(override)), override);
	if (!equals)
		return settings_complain(reader, place, key, "KEY=VALUE is right");
	setting = setting_find(settings_table, key);
	if (!setting) {
		nearest = setting_nearest(settings_table, key);
		return settings_complain(reader, place, key, "there is no such setting%s%s%s",
					 nearest ? "; did you mean " : "", nearest ? nearest : "",
					 nearest ? "?" : "");
	}
	value = equals[1] == '\0' ? "''" : equals + 1;
	return settings_read_text(reader, setting, value, strlen(value));
}

int settings_load(const char *path, bool must_exist, const char *const overrides[], size_t count,
		  struct settings *settings, struct settings_error *error)
{
	struct settings wanted;
	struct settings_reader reader = {.settings = &wanted, .error = error, .path = path};

	settings_defaults(&wanted);
	if (path && file_read(&reader, must_exist) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (override_read(&reader, overrides[i]) == -1)
			return -1;
	if (wanted.listen_default)
		listen_default(&wanted);
	if (settings_check(&reader) == -1)
		return -1;
	*settings = wanted;
	return 0;
}

size_t settings_rows(const struct settings_row **rows)
{
	static struct settings_row shown[SETTINGS_ROWS_MAX];
	size_t count = 0;

	for (const struct setting *row = settings_table; row->name; row++)
		shown[count++] =
			(struct settings_row){row->name, row->type_text, row->initial, row->help};
	*rows = shown;
	return count;
}
