/*
 * What of new settings a running server can take. Invariant: what it then runs with goes together
 * as settings_check wants it.
 */
#include <string.h>
#include "config/settings_reader.h"

static bool fields_equal(const struct setting *setting, const void *a, const void *b)
{
	const char *a_field = (const char *)a + setting->offset;
	const char *b_field = (const char *)b + setting->offset;

	if (setting->type == SETTING_TEXT || setting->type == SETTING_PATH)
		return strcmp(a_field, b_field) == 0;
	return memcmp(a_field, b_field, setting->size) == 0;
}

static bool listen_equal(const struct settings *a, const struct settings *b)
{
	if (a->listen_count != b->listen_count)
		return false;
	for (unsigned i = 0; i < a->listen_count; i++)
		if (strcmp(a->listen[i], b->listen[i]) != 0)
			return false;
	return true;
}

/* Same relays on the same lines; names, groups and max_on may differ. */
static bool relays_equal(const struct settings *a, const struct settings *b)
{
	if (a->relay_count != b->relay_count)
		return false;
	for (unsigned i = 0; i < a->relay_count; i++)
		for (const struct setting *field = relay_table; field->name; field++)
			if (field->at_start && !fields_equal(field, &a->relay[i], &b->relay[i]))
				return false;
	return true;
}

static bool setting_equal(const struct setting *setting, const struct settings *a,
			  const struct settings *b)
{
	switch (setting->type) {
	case SETTING_LISTEN:
		return listen_equal(a, b);
	case SETTING_RELAYS:
		return relays_equal(a, b);
	default:
		return fields_equal(setting, a, b);
	}
}

const char *settings_needs_restart(const struct settings *running, const struct settings *wanted)
{
	for (const struct setting *setting = settings_table; setting->name; setting++)
		if (setting->at_start && !setting_equal(setting, running, wanted))
			return setting->name;
	return NULL;
}

void settings_take_reloadable(struct settings *running, const struct settings *wanted)
{
	bool same_relays = relays_equal(running, wanted);

	for (const struct setting *setting = settings_table; setting->name; setting++)
		if (!setting->at_start && (same_relays || !setting->with_relays))
			memcpy((char *)running + setting->offset,
			       (const char *)wanted + setting->offset, setting->size);
	if (same_relays) /* their names, groups and max_on may be new */
		memcpy(running->relay, wanted->relay, sizeof(running->relay));
}
