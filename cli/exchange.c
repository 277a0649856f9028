#include "exchange.h"

#include <bsd/string.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "command_line.h"
#include "words.h"

enum { FORMAT_WORDS_SIZE = 64 };

/* "format json" and "format text" change what dialogue_ask has to restore. */
static void format_note(struct dialogue *dialogue, const char *line)
{
	char copy[FORMAT_WORDS_SIZE];
	char *words[3];

	if (!command_line_is(line, "format") || strlen(line) >= sizeof(copy))
		return;
	(void)strlcpy(copy, line, sizeof(copy)); /* it fits */
	if (words_split(copy, words, 3) == 2)
		dialogue_note_format(dialogue, strcasecmp(words[1], "json") == 0);
}

/* Commands after which the server goes, as it was told to. */
static const char *const ending_commands[] = {"ks", "killserver", "rbt", "reboot"};

enum { ENDING_TIMEOUT_MS = 10000 };

static bool is_ending(const char *line)
{
	for (size_t i = 0; i < sizeof(ending_commands) / sizeof(ending_commands[0]); i++)
		if (command_line_is(line, ending_commands[i]))
			return true;
	return false;
}

/* What the reply to line brings about. */
static void reply_heed(struct dialogue *dialogue, const char *line, const struct reply_line *reply)
{
	struct reply_line last;

	if (reply->code >= 400)
		return;
	format_note(dialogue, line);
	/* The 421 that follows is what was asked for, and no loss. */
	while (is_ending(line) && dialogue_hear(dialogue, &last, ENDING_TIMEOUT_MS) == 1)
		;
}

int exchange(struct dialogue *dialogue, struct output *output, const char *line)
{
	struct reply_line reply;

	if (dialogue_say(dialogue, line) == 0) {
		while (dialogue_hear(dialogue, &reply, -1) == 1) {
			output_line(output, &reply);
			if (reply.final) {
				int code = reply.code;
				reply_heed(dialogue, line, &reply);
				return code;
			}
		}
	}
	output_failure(dialogue_why_over(dialogue));
	return -1;
}
