#ifndef SCHEDULE_PROFILES_READER_H
#define SCHEDULE_PROFILES_READER_H

#include <stdbool.h>
#include <yaml.h>
#include "config/settings_table.h"
#include "config/yaml_node.h"
#include "schedule/profiles.h"

/* Between the files that read profiles.yml(5). Private to this folder. */

struct profiles_reader {
	const char *name; /* of the file, for errors */
	yaml_document_t document;
	const struct profiles_site *site;
	struct profile_set *set; /* being filled; thrown away on an error */
	struct profiles_error *error;
};

/* Say what is wrong with the node, and what is right. Always returns -1, with errno EINVAL. */
int profiles_complain(struct profiles_reader *, const yaml_node_t *, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A node's text, or NULL when it is no text for people: complained. what says what it stands for.
 */
const char *node_text(struct profiles_reader *, const yaml_node_t *, const char *what);

/*
 * A list: a sequence, nothing, or a single value that stands for a list of one. Count its items,
 * and get one of them. -1 when it is a map: complained.
 */
int list_count(struct profiles_reader *, const yaml_node_t *list, const char *what);
const yaml_node_t *list_item(struct profiles_reader *, const yaml_node_t *list, int index);

/* Copy the text of about into text. 0, or -1: complained. */
int about_read(struct profiles_reader *, const yaml_node_t *, char text[PROFILE_ABOUT_SIZE]);

/*
 * Which of keys (ended by a row without a name) this is, for a value to be kept in nodes, which has
 * a place for each: its index, or -1: unknown or there twice, complained.
 */
int key_take(struct profiles_reader *, const yaml_node_t *key, const struct setting *keys,
	     const yaml_node_t *value, const yaml_node_t *nodes[]);

/* Read "relayN: {...}" into the next program of the set. 0, or -1: complained. */
int program_read(struct profiles_reader *, unsigned relay, const yaml_node_t *key,
		 const yaml_node_t *value);

#endif
