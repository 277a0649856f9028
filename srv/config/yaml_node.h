#ifndef CONFIG_YAML_NODE_H
#define CONFIG_YAML_NODE_H

#include <stdbool.h>
#include <yaml.h>

/* What the readers of both configuration files ask of a node. */

/* Is it one of YAML's ways to write nothing: no value, ~ or null, not in quotes? */
bool yaml_node_is_nothing(const yaml_node_t *);

/*
 * Does the text of a scalar hold bytes that must not reach a log or a terminal: C0, DEL, or C1 in
 * UTF-8 (U+0080 to U+009F)?
 */
bool yaml_node_has_controls(const yaml_node_t *);

#endif
