#include "command_line.h"

#include <bsd/string.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

static bool word_fits_a_line(const char *word)
{
	for (; *word; word++)
		if (*word == '"' || *word == '\x7f' || (unsigned char)*word < ' ')
			return false;
	return true;
}

/* Append text. False: it does not fit. */
static bool text_append(char *line, const char *text, size_t size)
{
	return strlcat(line, text, size) < size;
}

int command_line_join(char *const words[], size_t count, char *line, size_t size)
{
	*line = '\0';
	for (size_t i = 0; i < count; i++) {
		const char *quote = !*words[i] || strchr(words[i], ' ') ? "\"" : "";
		if (!word_fits_a_line(words[i])) {
			errno = EINVAL;
			return -1;
		}
		if (!text_append(line, i > 0 ? " " : "", size) || !text_append(line, quote, size) ||
		    !text_append(line, words[i], size) || !text_append(line, quote, size)) {
			errno = E2BIG;
			return -1;
		}
	}
	return 0;
}

bool command_line_is(const char *line, const char *command)
{
	size_t length = strlen(command);

	line += strspn(line, " \t");
	return strncasecmp(line, command, length) == 0 &&
	       (line[length] == '\0' || line[length] == ' ' || line[length] == '\t');
}
