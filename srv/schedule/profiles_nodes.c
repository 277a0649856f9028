/* Nodes of a YAML document as the profiles' readers want them, and what is wrong with them. */
#include <bsd/string.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "config/nearest.h"
#include "schedule/profiles_reader.h"

int profiles_complain(struct profiles_reader *reader, const yaml_node_t *node, const char *format,
		      ...)
{
	char *text = reader->error->text;
	size_t size = sizeof(reader->error->text);
	int length = snprintf(text, size, "%s:%zu:%zu: ", reader->name, node->start_mark.line + 1,
			      node->start_mark.column + 1);
	va_list arguments;

	va_start(arguments, format);
	if (length >= 0 && (size_t)length < size)
		/* A message that is cut still helps. */
		(void)vsnprintf(text + length, size - (size_t)length, format, arguments);
	va_end(arguments);
	errno = EINVAL;
	return -1;
}

const char *node_text(struct profiles_reader *reader, const yaml_node_t *node, const char *what)
{
	if (node->type != YAML_SCALAR_NODE) {
		profiles_complain(reader, node, "a %s stands for %s; right is a single value",
				  node->type == YAML_SEQUENCE_NODE ? "list" : "map", what);
		return NULL;
	}
	if (yaml_node_has_controls(node)) {
		profiles_complain(reader, node,
				  "%s holds a line break or control character; right is one line",
				  what);
		return NULL;
	}
	return (const char *)node->data.scalar.value;
}

int list_count(struct profiles_reader *reader, const yaml_node_t *list, const char *what)
{
	if (list->type == YAML_MAPPING_NODE)
		return profiles_complain(reader, list, "a map stands for %s; right is a list [...]",
					 what);
	if (list->type == YAML_SEQUENCE_NODE)
		return (int)(list->data.sequence.items.top - list->data.sequence.items.start);
	return yaml_node_is_nothing(list) ? 0 : 1;
}

const yaml_node_t *list_item(struct profiles_reader *reader, const yaml_node_t *list, int index)
{
	if (list->type != YAML_SEQUENCE_NODE)
		return list;
	return yaml_document_get_node(&reader->document, list->data.sequence.items.start[index]);
}

int about_read(struct profiles_reader *reader, const yaml_node_t *node,
	       char text[PROFILE_ABOUT_SIZE])
{
	const char *about = node_text(reader, node, "about");

	if (!about)
		return -1;
	if (yaml_node_is_nothing(node))
		about = "";
	if (strlcpy(text, about, PROFILE_ABOUT_SIZE) >= PROFILE_ABOUT_SIZE)
		return profiles_complain(reader, node,
					 "about is too long; right are %d bytes at most",
					 PROFILE_ABOUT_SIZE - 1);
	return 0;
}

int key_take(struct profiles_reader *reader, const yaml_node_t *key, const struct setting *keys,
	     const yaml_node_t *value, const yaml_node_t *nodes[])
{
	const char *name = node_text(reader, key, "a key");
	const char *nearest;

	if (!name)
		return -1;
	for (int i = 0; keys[i].name; i++) {
		if (strcasecmp(keys[i].name, name) != 0)
			continue;
		if (nodes[i])
			return profiles_complain(reader, key, "%s is there twice; keep one", name);
		nodes[i] = value;
		return i;
	}
	nearest = setting_nearest(keys, name);
	if (nearest)
		return profiles_complain(reader, key, "'%s' is not known; did you mean %s?", name,
					 nearest);
	return profiles_complain(reader, key,
				 "'%s' is not known; remove it, or see profiles.yml(5)", name);
}
