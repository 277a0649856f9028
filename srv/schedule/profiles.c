/*
 * Profiles from YAML, by libyaml. The document's tree is walked to a fixed depth and every node is
 * checked for its kind, so that no input can do more than be refused. The set is filled aside and
 * handed over when all of it is right.
 */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "config/whole_file.h"
#include "schedule/profile_words.h"
#include "schedule/profiles_reader.h"

enum { KEY_ABOUT, KEY_ACTIVE, KEY_SEASON, KEYS };

/* The last row is there for guesses: "rely1" means a relay. */
static const struct setting profile_keys[KEYS + 2] = {
	[KEY_ABOUT] = {.name = "about"},
	[KEY_ACTIVE] = {.name = "active"},
	[KEY_SEASON] = {.name = "season"},
	[KEYS] = {.name = "relay1"},
};

int profile_find(const struct profile_set *set, const char *name)
{
	for (unsigned i = 0; i < set->count; i++)
		if (strcasecmp(set->profile[i].name, name) == 0)
			return (int)i;
	return -1;
}

const struct program *profile_program(const struct profile_set *set, unsigned profile,
				      unsigned relay)
{
	const struct program *program = &set->program[set->profile[profile].first_program];

	for (unsigned i = 0; i < set->profile[profile].program_count; i++)
		if (program[i].relay == relay)
			return &program[i];
	return NULL;
}

/* FNV-1a, 32 bits (draft-eastlake-fnv), of the name in lower case. */
static uint32_t name_key(const char *name)
{
	uint32_t key = 2166136261u;

	for (; *name; name++)
		key = (key ^ (uint32_t)tolower((unsigned char)*name)) * 16777619u;
	return key;
}

static int profile_name_read(struct profiles_reader *reader, const yaml_node_t *key,
			     struct profile *profile)
{
	const char *name = node_text(reader, key, "a profile's name");

	if (!name)
		return -1;
	if (*name == '\0' ||
	    strlcpy(profile->name, name, sizeof(profile->name)) >= sizeof(profile->name))
		return profiles_complain(reader, key,
					 "a profile's name has 1 to %zu bytes; shorten it",
					 sizeof(profile->name) - 1);
	profile->key = name_key(name);
	for (unsigned i = 0; i < reader->set->count; i++)
		if (reader->set->profile[i].key == profile->key)
			return profiles_complain(reader, key,
						 "profile %s is there twice; rename one", name);
	return 0;
}

static int active_read(struct profiles_reader *reader, const yaml_node_t *node)
{
	struct profile_set *set = reader->set;
	const char *text = node_text(reader, node, "active");
	bool active;

	if (!text)
		return -1;
	if (!truth_parse(text, &active))
		return profiles_complain(reader, node, "'%s' is neither True nor False; write one",
					 text);
	if (active && set->active >= 0)
		return profiles_complain(reader, node,
					 "profile %s is active too; right is one active profile",
					 set->profile[set->active].name);
	if (active)
		set->active = (int)set->count;
	return 0;
}

static int season_read(struct profiles_reader *reader, const yaml_node_t *list,
		       struct profile *profile)
{
	struct profile_set *set = reader->set;
	int count = list_count(reader, list, "season");

	for (int i = 0; i < count; i++) {
		const yaml_node_t *node = list_item(reader, list, i);
		const char *text = node_text(reader, node, "season");

		if (!text)
			return -1;
		if (set->season_count == SEASONS_MAX)
			return profiles_complain(reader, node,
						 "too many seasons; right are %d at most in all",
						 SEASONS_MAX);
		if (!season_parse(text, &set->season[set->season_count]))
			return profiles_complain(reader, node,
						 "'%s' is no season; right is from day to day: "
						 "Apr 15 - Sep 30",
						 text);
		set->season_count++;
		profile->season_count++;
	}
	return count < 0 ? -1 : 0;
}

/* The number in "relay12"; 0 when the key is none of that kind. */
static unsigned relay_number(const char *name)
{
	const char *error, *digits = name + strlen("relay");
	unsigned number;

	if (strncasecmp(name, "relay", strlen("relay")) != 0 || *digits == '\0' ||
	    strspn(digits, "0123456789") != strlen(digits))
		return 0;
	number = (unsigned)strtonum(digits, 1, 9999, &error);
	return error ? 9999 : number; /* no board has that many: it will be refused as such */
}

static int relay_read(struct profiles_reader *reader, struct profile *profile,
		      const yaml_node_t *key, unsigned relay, const yaml_node_t *value)
{
	const struct program *program = &reader->set->program[profile->first_program];

	if (relay > reader->site->relay_count)
		return profiles_complain(reader, key, "there is no %s; right are relay1 to relay%u",
					 (const char *)key->data.scalar.value,
					 reader->site->relay_count);
	for (unsigned i = 0; i < profile->program_count; i++)
		if (program[i].relay == relay)
			return profiles_complain(reader, key,
						 "relay%u is there twice in profile %s; keep one",
						 relay, profile->name);
	profile->program_count++;
	return program_read(reader, relay, key, value);
}

static int by_relay(const void *left, const void *right)
{
	const struct program *a = left, *b = right;

	return (a->relay > b->relay) - (a->relay < b->relay);
}

/* Every pair of a profile's map: relays at once, the keys into nodes. */
static int pairs_read(struct profiles_reader *reader, const yaml_node_t *map,
		      struct profile *profile, const yaml_node_t *nodes[])
{
	const yaml_node_pair_t *pair = map->data.mapping.pairs.start;

	for (; pair < map->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(&reader->document, pair->key);
		const yaml_node_t *value = yaml_document_get_node(&reader->document, pair->value);
		const char *name = node_text(reader, key, "a key");
		unsigned relay = name ? relay_number(name) : 0;

		if (!name || (relay > 0 ? relay_read(reader, profile, key, relay, value)
					: key_take(reader, key, profile_keys, value, nodes)) == -1)
			return -1;
	}
	return 0;
}

static int profile_read(struct profiles_reader *reader, const yaml_node_t *key,
			const yaml_node_t *value)
{
	struct profile_set *set = reader->set;
	struct profile *profile = &set->profile[set->count];
	const yaml_node_t *nodes[KEYS + 1] = {0};

	if (set->count == PROFILES_MAX)
		return profiles_complain(reader, key, "too many profiles; right are %d at most",
					 PROFILES_MAX);
	*profile = (struct profile){.first_program = set->program_count,
				    .first_season = set->season_count};
	if (profile_name_read(reader, key, profile) == -1)
		return -1;
	if (value->type != YAML_MAPPING_NODE && !yaml_node_is_nothing(value))
		return profiles_complain(
			reader, value,
			"profile %s is no map; right are about, active, season and "
			"relay1, …, each on its line",
			profile->name);
	if (value->type == YAML_MAPPING_NODE && pairs_read(reader, value, profile, nodes) == -1)
		return -1;
	if ((nodes[KEY_ABOUT] && about_read(reader, nodes[KEY_ABOUT], profile->about) == -1) ||
	    (nodes[KEY_ACTIVE] && active_read(reader, nodes[KEY_ACTIVE]) == -1) ||
	    (nodes[KEY_SEASON] && season_read(reader, nodes[KEY_SEASON], profile) == -1))
		return -1;
	qsort(&set->program[profile->first_program], profile->program_count, sizeof(struct program),
	      by_relay);
	set->count++;
	return 0;
}

static int document_read(struct profiles_reader *reader)
{
	const yaml_node_t *root = yaml_document_get_root_node(&reader->document);

	if (!root || yaml_node_is_nothing(root))
		return 0; /* an empty file: no profiles */
	if (root->type != YAML_MAPPING_NODE)
		return profiles_complain(reader, root,
					 "no profiles stand here; right is NAME: and what it does");
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
	     pair < root->data.mapping.pairs.top; pair++)
		if (profile_read(reader, yaml_document_get_node(&reader->document, pair->key),
				 yaml_document_get_node(&reader->document, pair->value)) == -1)
			return -1;
	return 0;
}

/* What libyaml found wrong. Always returns -1. */
static int yaml_complain(struct profiles_reader *reader, const yaml_parser_t *parser)
{
	yaml_mark_t mark = parser->problem_mark;

	if (parser->error == YAML_MEMORY_ERROR) {
		errno = ENOMEM;
		(void)snprintf(reader->error->text, sizeof(reader->error->text), "%s: %s",
			       reader->name, strerror(ENOMEM));
		return -1;
	}
	/* Cut when too long: it still helps. */
	(void)snprintf(reader->error->text, sizeof(reader->error->text),
		       "%s:%zu:%zu: not valid YAML: %s; look at quotes, brackets and indentation",
		       reader->name, mark.line + 1, mark.column + 1, parser->problem);
	errno = EINVAL;
	return -1;
}

/* The one document of a file; a second one would be passed over without a word. */
static int documents_read(struct profiles_reader *reader, yaml_parser_t *parser)
{
	yaml_document_t second;
	int result;

	if (!yaml_parser_load(parser, &reader->document))
		return yaml_complain(reader, parser);
	result = document_read(reader);
	if (result == 0 && yaml_document_get_root_node(&reader->document)) {
		if (!yaml_parser_load(parser, &second)) {
			result = yaml_complain(reader, parser);
		} else {
			const yaml_node_t *root = yaml_document_get_root_node(&second);

			if (root)
				result =
					profiles_complain(reader, root,
							  "a second document stands here; right is "
							  "one, without ---");
			yaml_document_delete(&second);
		}
	}
	yaml_document_delete(&reader->document);
	return result;
}

int profiles_parse(const char *name, const char *text, size_t length,
		   const struct profiles_site *site, struct profile_set *set,
		   struct profiles_error *error)
{
	struct profile_set *filled = calloc(1, sizeof(*filled));
	struct profiles_reader reader = {.name = name, .site = site, .set = filled, .error = error};
	yaml_parser_t parser;
	int result = -1;

	if (!filled || !yaml_parser_initialize(&parser)) {
		(void)snprintf(error->text, sizeof(error->text), "%s: %s", name, strerror(ENOMEM));
		free(filled);
		errno = ENOMEM;
		return -1;
	}
	filled->active = -1;
	filled->latitude = site->latitude;
	filled->longitude = site->longitude;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	result = documents_read(&reader, &parser);
	if (result == 0)
		*set = *filled;
	yaml_parser_delete(&parser);
	free(filled);
	return result;
}

int profiles_load(const char *path, const struct profiles_site *site, struct profile_set *set,
		  struct profiles_error *error)
{
	size_t length;
	char *text = whole_file_read(path, &length);
	int result;

	if (!text) {
		(void)snprintf(error->text, sizeof(error->text), "%s: %s", path, strerror(errno));
		return -1;
	}
	result = profiles_parse(path, text, length, site, set, error);
	free(text);
	return result;
}
