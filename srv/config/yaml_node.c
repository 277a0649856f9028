/* Looks at libyaml's nodes without changing them. */
#include <string.h>
#include <strings.h>
#include "config/yaml_node.h"

bool yaml_node_is_nothing(const yaml_node_t *node)
{
	const char *text;

	if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	text = (const char *)node->data.scalar.value;
	return *text == '\0' || strcmp(text, "~") == 0 || strcasecmp(text, "null") == 0;
}

bool yaml_node_has_controls(const yaml_node_t *node)
{
	const unsigned char *bytes = node->data.scalar.value;
	size_t length = node->data.scalar.length;

	for (size_t i = 0; i < length; i++)
		if (bytes[i] < ' ' || bytes[i] == 0x7f ||
		    (bytes[i] == 0xc2 && i + 1 < length && bytes[i + 1] < 0xa0))
			return true;
	return false;
}
