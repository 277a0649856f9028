#include "completion.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "command_line.h"
#include "relay_set.h"

struct completion {
	json_t *commands; /* of help */
	json_t *profiles; /* of gp */
	size_t relay_count;
	char relay[RELAYS_MAX][4]; /* "1" and so on */
};

struct completion *completion_create(void)
{
	struct completion *completion = calloc(1, sizeof(*completion));

	if (!completion)
		return NULL;
	for (int i = 0; i < RELAYS_MAX; i++)
		(void)snprintf(completion->relay[i], sizeof(completion->relay[i]), "%d", i + 1);
	return completion;
}

void completion_destroy(struct completion *completion)
{
	if (!completion)
		return;
	json_decref(completion->commands);
	json_decref(completion->profiles);
	free(completion);
}

/* The new answer takes the old one's place. */
static int learn(struct dialogue *dialogue, const char *command, json_t **objects)
{
	json_decref(*objects);
	return dialogue_ask(dialogue, command, objects, NULL);
}

int completion_learn(struct completion *completion, struct dialogue *dialogue)
{
	json_t *relays = NULL;

	if (learn(dialogue, "help", &completion->commands) == -1 ||
	    learn(dialogue, "gp", &completion->profiles) == -1 ||
	    learn(dialogue, "grs", &relays) == -1)
		return -1;
	completion->relay_count = json_array_size(relays);
	if (completion->relay_count > RELAYS_MAX)
		completion->relay_count = RELAYS_MAX;
	json_decref(relays);
	return 0;
}

/* Offer word where it completes what is typed. */
static void offer(struct candidates *candidates, const char *typed, const char *word)
{
	if (word && candidates->count < CANDIDATES_MAX && strncmp(word, typed, strlen(typed)) == 0)
		candidates->word[candidates->count++] = word;
}

static void offer_all(struct candidates *candidates, const char *typed, const json_t *objects,
		      const char *key)
{
	json_t *object;
	size_t index;

	json_array_foreach (objects, index, object) {
		offer(candidates, typed, json_string_value(json_object_get(object, key)));
	}
}

/* Words of arguments that are typed as they stand. Static, since candidates outlive the call. */
static const char *const literals[] = {"for", "off", "text", "json", "all"};

/* Does the usage, such as "RELAYS [for SPAN]", have this word? */
static bool usage_has(const char *usage, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(usage, word); at; at = strstr(at + 1, word))
		if ((at == usage || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[length]))
			return true;
	return false;
}

static void argument_find(const struct completion *completion, const char *usage, const char *typed,
			  struct candidates *candidates)
{
	if (usage_has(usage, "RELAYS")) {
		for (size_t i = 0; i < completion->relay_count; i++)
			offer(candidates, typed, completion->relay[i]);
		offer(candidates, typed, "all");
	}
	if (usage_has(usage, "NAME"))
		offer_all(candidates, typed, completion->profiles, "name");
	if (usage_has(usage, "COMMAND"))
		offer_all(candidates, typed, completion->commands, "name");
	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++)
		if (usage_has(usage, literals[i]))
			offer(candidates, typed, literals[i]);
}

/* The usage of the command that line begins with; NULL: there is none of that name. */
static const char *usage_of(const struct completion *completion, const char *line)
{
	json_t *command;
	size_t index;

	json_array_foreach (completion->commands, index, command) {
		const char *name = json_string_value(json_object_get(command, "name"));
		const char *other = json_string_value(json_object_get(command, "long"));
		if ((name && command_line_is(line, name)) ||
		    (other && command_line_is(line, other)))
			return json_string_value(json_object_get(command, "arguments"));
	}
	return NULL;
}

void completion_find(const struct completion *completion, const char *line,
		     struct candidates *candidates)
{
	const char *typed = line + strlen(line);

	line += strspn(line, " \t");
	while (typed > line && !strchr(" \t,", typed[-1]))
		typed--;
	candidates->typed = strlen(typed);
	if (typed == line) {
		offer_all(candidates, typed, completion->commands, "name");
		offer_all(candidates, typed, completion->commands, "long");
		return;
	}
	const char *usage = usage_of(completion, line);
	if (usage)
		argument_find(completion, usage, typed, candidates);
}
