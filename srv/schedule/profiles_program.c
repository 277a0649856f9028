/* One relay's part of a profile: about, days, times, durations, start. */
#include <string.h>
#include <strings.h>
#include <math.h>
#include "schedule/profile_words.h"
#include "schedule/profiles_reader.h"

enum { KEY_ABOUT, KEY_DAYS, KEY_TIMES, KEY_DURATIONS, KEY_START, KEYS };

static const struct setting program_keys[KEYS + 1] = {
	[KEY_ABOUT] = {.name = "about"}, [KEY_DAYS] = {.name = "days"},
	[KEY_TIMES] = {.name = "times"}, [KEY_DURATIONS] = {.name = "durations"},
	[KEY_START] = {.name = "start"},
};

static int date_add(struct profiles_reader *reader, const yaml_node_t *node,
		    struct program *program, int32_t date)
{
	struct profile_set *set = reader->set;

	if (set->date_count == DATES_MAX)
		return profiles_complain(reader, node,
					 "too many dates; right are %d at most in all", DATES_MAX);
	set->date[set->date_count++] = date;
	program->date_count++;
	return 0;
}

static int day_read(struct profiles_reader *reader, const yaml_node_t *node,
		    struct program *program)
{
	const char *text = node_text(reader, node, "a day");
	unsigned days, every_days;
	int32_t date;

	if (!text)
		return -1;
	if (days_parse(text, &days)) {
		program->days |= days;
	} else if (date_parse(text, &date)) {
		return date_add(reader, node, program, date);
	} else if (every_parse(text, &every_days)) {
		if (program->every_days > 0)
			return profiles_complain(reader, node, "every is there twice; keep one");
		program->every_days = every_days;
	} else {
		return profiles_complain(
			reader, node,
			"'%s' is no day; right are weekdays (Tuesday or Tue), even, "
			"odd, all, None, every N, or dates (2026-07-04)",
			text);
	}
	return 0;
}

static int days_read(struct profiles_reader *reader, const yaml_node_t *list,
		     struct program *program)
{
	int count = list_count(reader, list, "days");

	for (int i = 0; i < count; i++)
		if (day_read(reader, list_item(reader, list, i), program) == -1)
			return -1;
	return count < 0 ? -1 : 0;
}

static int start_read(struct profiles_reader *reader, const yaml_node_t *node,
		      const yaml_node_t *days, struct program *program)
{
	const char *text;

	if (!node && program->every_days > 0)
		return profiles_complain(reader, days,
					 "every %u days has no first day; add start: 2026-01-31",
					 program->every_days);
	if (!node)
		return 0;
	text = node_text(reader, node, "start");
	if (!text)
		return -1;
	if (!date_parse(text, &program->every_from))
		return profiles_complain(reader, node,
					 "'%s' is no date; right is YYYY-MM-DD, as in 2026-01-31",
					 text);
	if (program->every_days == 0)
		return profiles_complain(reader, node,
					 "start has no use without every; add every N to days");
	return 0;
}

static int time_read(struct profiles_reader *reader, const yaml_node_t *node,
		     struct program_start *start)
{
	const char *text = node_text(reader, node, "a time");

	if (!text)
		return -1;
	if (!time_parse(text, start))
		return profiles_complain(reader, node,
					 "'%s' is no time; right are 0000 to 2359, '08:30', "
					 "'08:30:15', sunrise+30 or sunset-1h",
					 text);
	if (start->base != START_CLOCK &&
	    (isnan(reader->site->latitude) || isnan(reader->site->longitude)))
		return profiles_complain(reader, node,
					 "%s needs a place; set latitude and longitude in "
					 "sprinkled.yml",
					 text);
	return 0;
}

static int duration_read(struct profiles_reader *reader, const yaml_node_t *node,
			 struct program_start *start)
{
	const char *text = node_text(reader, node, "a duration");

	if (!text)
		return -1;
	if (!duration_parse(text, &start->duration_ms))
		return profiles_complain(reader, node,
					 "'%s' is no duration; right are minutes (2, 1.5) or units "
					 "(90s, 1h30m), 24h at most",
					 text);
	return 0;
}

/* How many items, where [None] says that there are none; -1: complained. */
static int items_count(struct profiles_reader *reader, const yaml_node_t *list, const char *what)
{
	int count = list ? list_count(reader, list, what) : 0;
	const yaml_node_t *item;

	if (count != 1)
		return count;
	item = list_item(reader, list, 0);
	if (item->type == YAML_SCALAR_NODE &&
	    (yaml_node_is_nothing(item) ||
	     strcasecmp((const char *)item->data.scalar.value, "none") == 0))
		return 0;
	return 1;
}

static int starts_read(struct profiles_reader *reader, const yaml_node_t *key,
		       const yaml_node_t *times, const yaml_node_t *durations,
		       struct program *program)
{
	struct profile_set *set = reader->set;
	int count = items_count(reader, times, "times");
	int duration_count = items_count(reader, durations, "durations");

	if (count == -1 || duration_count == -1)
		return -1;
	if (count != duration_count)
		return profiles_complain(
			reader, durations ? durations : key,
			"%d times but %d durations; right is one duration per time", count,
			duration_count);
	if (count > (int)(STARTS_MAX - set->start_count))
		return profiles_complain(reader, times,
					 "too many times; right are %d at most in all", STARTS_MAX);
	for (int i = 0; i < count; i++) {
		struct program_start *start = &set->start[set->start_count + (unsigned)i];

		if (time_read(reader, list_item(reader, times, i), start) == -1 ||
		    duration_read(reader, list_item(reader, durations, i), start) == -1)
			return -1;
	}
	set->start_count += (unsigned)count;
	program->start_count = (unsigned)count;
	return 0;
}

/* Days without times, or times without days, are half a program. */
static int program_check(struct profiles_reader *reader, const yaml_node_t *key,
			 const yaml_node_t *days, const struct program *program)
{
	bool never = program->days == 0 && program->every_days == 0 && program->date_count == 0;

	if (!days && program->start_count > 0)
		return profiles_complain(
			reader, key, "relay%u has times but no days; add Days: [all], or [None]",
			program->relay);
	if (!never && program->start_count == 0)
		return profiles_complain(
			reader, key,
			"relay%u has days but no times; add Times and durations, or "
			"Days: [None]",
			program->relay);
	return 0;
}

int program_read(struct profiles_reader *reader, unsigned relay, const yaml_node_t *key,
		 const yaml_node_t *value)
{
	struct profile_set *set = reader->set;
	struct program *program = &set->program[set->program_count];
	const yaml_node_t *nodes[KEYS] = {0};

	if (set->program_count == PROGRAMS_MAX)
		return profiles_complain(
			reader, key, "too many relays; right are %d at most in all", PROGRAMS_MAX);
	if (value->type != YAML_MAPPING_NODE && !yaml_node_is_nothing(value))
		return profiles_complain(reader, value,
					 "relay%u is no map; right are About, Days, Times and "
					 "durations, each on its line",
					 relay);
	*program = (struct program){
		.relay = relay, .first_date = set->date_count, .first_start = set->start_count};
	if (value->type == YAML_MAPPING_NODE) {
		const yaml_node_pair_t *pair = value->data.mapping.pairs.start;

		for (; pair < value->data.mapping.pairs.top; pair++)
			if (key_take(reader, yaml_document_get_node(&reader->document, pair->key),
				     program_keys,
				     yaml_document_get_node(&reader->document, pair->value),
				     nodes) == -1)
				return -1;
	}
	set->program_count++;
	if ((nodes[KEY_ABOUT] && about_read(reader, nodes[KEY_ABOUT], program->about) == -1) ||
	    (nodes[KEY_DAYS] && days_read(reader, nodes[KEY_DAYS], program) == -1) ||
	    start_read(reader, nodes[KEY_START], nodes[KEY_DAYS], program) == -1 ||
	    starts_read(reader, key, nodes[KEY_TIMES], nodes[KEY_DURATIONS], program) == -1)
		return -1;
	return program_check(reader, key, nodes[KEY_DAYS], program);
}
