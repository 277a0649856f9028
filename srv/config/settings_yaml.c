/*
 * YAML in, settings out, by libyaml. The file is a map of settings; listen is a list of texts (one
 * alone may stand without the list), relays a list of maps. Every node is checked for its kind
 * before it is read, so that no input can do more than be refused.
 */
#include <bsd/string.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>
#include "config/endpoint.h"
#include "config/nearest.h"
#include "config/settings_reader.h"
#include "config/yaml_node.h"

/* What is being read: text, its document, and for messages setting and entry of a list. */
struct context {
	struct settings_reader *reader;
	const char *text;
	yaml_document_t *document;
	const char *key; /* the setting's name, NULL at the top of the document */
	char within[64]; /* "relay 3: pin: ", or "" */
};

static struct settings_place place_of(const struct context *context, const yaml_node_t *node)
{
	return (struct settings_place){context->reader->source,
				       (unsigned)node->start_mark.line + 1};
}

static int complain(const struct context *context, const yaml_node_t *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int complain(const struct context *context, const yaml_node_t *node, const char *format, ...)
{
	char text[sizeof(context->reader->error->text)];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments); /* a cut message still helps */
	va_end(arguments);
	return settings_complain(context->reader, place_of(context, node), context->key, "%s%s",
				 context->within, text);
}

/* A node's text, "" when it is nothing. NULL when the node is no text: complained. */
static const char *node_text(const struct context *context, const yaml_node_t *node)
{
	const char *text = (const char *)node->data.scalar.value;

	if (node->type != YAML_SCALAR_NODE) {
		complain(context, node, "a %s stands here; a single value is right",
			 node->type == YAML_SEQUENCE_NODE ? "list" : "map");
		return NULL;
	}
	if (yaml_node_has_controls(node)) {
		complain(context, node, "the text holds a line break or a control character");
		return NULL;
	}
	return yaml_node_is_nothing(node) ? "" : text;
}

/* One field of a struct from a single value. */
static int field_read(const struct context *context, const yaml_node_t *node,
		      const struct setting *setting, void *base)
{
	char why[384];
	const char *text = node_text(context, node);

	if (!text)
		return -1;
	if (setting_read(setting, text, base, why, sizeof(why)) == -1)
		return complain(context, node, "%s", why);
	return 0;
}

static const struct setting *name_read(const struct context *context, const yaml_node_t *node,
				       const struct setting *table)
{
	const char *name = node_text(context, node);
	const struct setting *setting;
	const char *nearest;

	if (!name)
		return NULL;
	setting = setting_find(table, name);
	if (!setting) {
		nearest = setting_nearest(table, name);
		complain(context, node, "'%s' is not known%s%s%s", name,
			 nearest ? "; did you mean " : "", nearest ? nearest : "",
			 nearest ? "?" : "");
	}
	return setting;
}

typedef int pair_reader(const struct context *, const yaml_node_t *, const struct setting *,
			void *);

/* Read each pair of a map by the table's row of its name into the struct at base; a name once. */
static int map_read(const struct context *context, const yaml_node_t *map,
		    const struct setting *table, pair_reader *read, void *base)
{
	unsigned seen_line[SETTINGS_ROWS_MAX] = {0};
	const yaml_node_pair_t *pair = map->data.mapping.pairs.start;

	for (; pair < map->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(context->document, pair->key);
		const yaml_node_t *value = yaml_document_get_node(context->document, pair->value);
		const struct setting *setting = name_read(context, key, table);

		if (!setting)
			return -1;
		unsigned *seen = &seen_line[setting - table];
		if (*seen)
			return complain(context, key, "%s is set twice, first in line %u",
					setting->name, *seen);
		*seen = place_of(context, key).line;
		if (read(context, value, setting, base) == -1)
			return -1;
	}
	return 0;
}

static size_t item_count(const yaml_node_t *list)
{
	return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

static const yaml_node_t *item_get(const struct context *context, const yaml_node_t *list, size_t i)
{
	return yaml_document_get_node(context->document, list->data.sequence.items.start[i]);
}

static int listener_read(const struct context *context, const yaml_node_t *node)
{
	struct settings_reader *reader = context->reader;
	struct settings *settings = reader->settings;
	const char *text = node_text(context, node), *why;
	struct endpoint endpoint;

	if (!text)
		return -1;
	if (settings->listen_count == SETTINGS_LISTENERS_MAX)
		return complain(context, node, "more than %d listeners", SETTINGS_LISTENERS_MAX);
	if (endpoint_parse(text, &endpoint, &why) == -1)
		return complain(context, node, "'%s': %s", text, why);
	/* Fits: endpoint_parse refuses what is longer than its own, shorter parts. */
	(void)strlcpy(settings->listen[settings->listen_count], text, SETTING_TEXT_SIZE);
	reader->listen_place[settings->listen_count] = place_of(context, node);
	settings->listen_count++;
	return 0;
}

/* A list of listeners, or one alone. */
static int listen_read(const struct context *context, const yaml_node_t *node)
{
	struct settings *settings = context->reader->settings;

	memset(settings->listen, 0, sizeof(settings->listen));
	settings->listen_count = 0;
	settings->listen_default = false;
	if (node->type != YAML_SEQUENCE_NODE)
		return listener_read(context, node);
	if (item_count(node) == 0)
		return complain(context, node, "the list is empty; one listener at least is right");
	for (size_t i = 0; i < item_count(node); i++)
		if (listener_read(context, item_get(context, node, i)) == -1)
			return -1;
	return 0;
}

static int relay_field_read(const struct context *outer, const yaml_node_t *node,
			    const struct setting *setting, void *relay)
{
	struct context context = *outer;

	(void)strlcat(context.within, setting->name, sizeof(context.within)); /* has room */
	(void)strlcat(context.within, ": ", sizeof(context.within));
	return field_read(&context, node, setting, relay);
}

static int relay_read(const struct context *outer, const yaml_node_t *node, unsigned number)
{
	struct settings_reader *reader = outer->reader;
	struct relay_setting *relay = &reader->settings->relay[number - 1];
	struct context context = *outer;

	(void)snprintf(context.within, sizeof(context.within), "relay %u: ", number); /* has room */
	reader->relay_place[number - 1] = place_of(&context, node);
	if (node->type != YAML_MAPPING_NODE)
		return complain(&context, node, "a map is right: {line: 5, pin: 29, name: Lawn}");
	if (map_read(&context, node, relay_table, relay_field_read, relay) == -1)
		return -1;
	if (*relay->line == '\0')
		return complain(&context, node, "line is missing: the line's offset or name");
	return 0;
}

static int relays_read(const struct context *context, const yaml_node_t *node)
{
	struct settings *settings = context->reader->settings;

	if (node->type != YAML_SEQUENCE_NODE)
		return complain(context, node, "a list of relays is right: - {line: 5, pin: 29}");
	if (item_count(node) < 1 || item_count(node) > RELAYS_MAX)
		return complain(context, node, "%zu relays; from 1 to %d are right",
				item_count(node), RELAYS_MAX);
	memset(settings->relay, 0, sizeof(settings->relay)); /* all that is optional is then none */
	settings->relay_count = (unsigned)item_count(node);
	for (unsigned i = 0; i < settings->relay_count; i++)
		if (relay_read(context, item_get(context, node, i), i + 1) == -1)
			return -1;
	return 0;
}

static int value_read(const struct context *outer, const yaml_node_t *node,
		      const struct setting *setting, void *settings)
{
	struct context context = *outer;

	context.key = setting->name;
	*settings_place(context.reader, setting) = place_of(&context, node);
	if (setting->type == SETTING_LISTEN)
		return listen_read(&context, node);
	if (setting->type == SETTING_RELAYS)
		return relays_read(&context, node);
	return field_read(&context, node, setting, settings);
}

/* The line of the byte at offset, from 1. */
static unsigned line_of(const char *text, size_t offset)
{
	unsigned line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

/* What libyaml could not read, in its own words; its lines count from 0. */
static int syntax_complain(const struct context *context, const yaml_parser_t *parser)
{
	struct settings_place place = {context->reader->source,
				       (unsigned)parser->problem_mark.line + 1};
	char since[48] = "";

	if (parser->error == YAML_MEMORY_ERROR)
		return settings_complain(context->reader, place, context->key, "out of memory");
	if (parser->error == YAML_READER_ERROR) /* it knows the byte only */
		place.line = line_of(context->text, parser->problem_offset);
	else if (parser->context && parser->context_mark.line < parser->problem_mark.line)
		(void)snprintf(since, sizeof(since), "; see line %zu", /* has room */
			       parser->context_mark.line + 1);
	return settings_complain(context->reader, place, context->key, "not YAML: %s%s",
				 parser->problem ? parser->problem : "it can't be read", since);
}

/* Is there nothing after the first document? */
static int end_read(const struct context *context, yaml_parser_t *parser)
{
	yaml_document_t document;
	const yaml_node_t *root;
	int result = 0;

	if (!yaml_parser_load(parser, &document))
		return syntax_complain(context, parser);
	root = yaml_document_get_root_node(&document);
	if (root)
		result = complain(context, root, "a second document begins; one is right");
	yaml_document_delete(&document);
	return result;
}

/* A document: a map of settings, or the value of one. */
static int root_read(const struct context *context, const yaml_node_t *root,
		     const struct setting *setting)
{
	struct settings_reader *reader = context->reader;

	if (!root && setting)
		return settings_complain(reader, (struct settings_place){reader->source, 1},
					 context->key, "has no value; '' is the empty text");
	if (!root)
		return 0; /* nothing but comments: every default holds */
	if (setting)
		return value_read(context, root, setting, reader->settings);
	if (root->type != YAML_MAPPING_NODE)
		return complain(context, root, "a map of settings is right: max_on: 60m");
	return map_read(context, root, settings_table, value_read, reader->settings);
}

static int document_read(const struct context *outer, const struct setting *setting,
			 yaml_parser_t *parser)
{
	struct context context = *outer;
	yaml_document_t document;
	const yaml_node_t *root;
	int result;

	if (!yaml_parser_load(parser, &document))
		return syntax_complain(outer, parser);
	root = yaml_document_get_root_node(&document);
	context.document = &document;
	result = root_read(&context, root, setting);
	if (result == 0 && root)
		result = end_read(outer, parser);
	yaml_document_delete(&document);
	return result;
}

int settings_read_text(struct settings_reader *reader, const struct setting *setting,
		       const char *text, size_t length)
{
	struct context context = {
		.reader = reader, .text = text, .key = setting ? setting->name : NULL};
	yaml_parser_t parser;
	int result;

	if (!yaml_parser_initialize(&parser))
		return settings_complain(reader, (struct settings_place){reader->source, 1},
					 context.key, "out of memory");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	result = document_read(&context, setting, &parser);
	yaml_parser_delete(&parser);
	return result;
}
