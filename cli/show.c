#include "show.h"

#include <stdio.h>
#include <string.h>
#include "chart.h"
#include "command_line.h"
#include "exchange.h"
#include "line_buffer.h"
#include "span.h"
#include "table.h"
#include "words.h"

static const char chart_word[] = "--chart";

/* The final line of an answer that was not shown line by line. */
static int end_show(struct dialogue *dialogue, struct output *output, int code, const char *text)
{
	struct reply_line line = {.code = code, .final = true, .text = text};

	if (code == -1)
		output_failure(dialogue_why_over(dialogue));
	else
		output_line(output, &line);
	return code;
}

static int table_show(struct dialogue *dialogue, struct output *output, const char *line,
		      const struct table *table)
{
	char text[ANSWER_TEXT_SIZE];
	json_t *objects;
	int code = dialogue_ask(dialogue, line, &objects, text);

	if (code != -1)
		table_print(table, output, objects);
	json_decref(objects);
	return end_show(dialogue, output, code, text);
}

/* Take --chart out of the words. Returns how many words are left, count when it was not there. */
static size_t chart_word_drop(char *words[], size_t count)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], chart_word) != 0)
			words[left++] = words[i];
	return left;
}

/* The longest of the words that is a span with a unit; a bare number means something else here. */
static int64_t span_of(char *const words[], size_t count)
{
	int64_t span_ms = 0;

	for (size_t i = 1; i < count; i++)
		if (strpbrk(words[i], "dhms") && span_parse(words[i], &span_ms) == 0)
			return span_ms;
	return 0;
}

static int chart_show(struct dialogue *dialogue, const struct output *output, const char *line,
		      int64_t span_ms, char text[ANSWER_TEXT_SIZE])
{
	json_t *objects, *relays = NULL;
	int code = dialogue_ask(dialogue, line, &objects, text);

	if (code != -1 && code < 400 && dialogue_ask(dialogue, "grs", &relays, NULL) != -1)
		chart_print(line, output, objects, relays, span_ms);
	json_decref(relays);
	json_decref(objects);
	return code;
}

int show_command(struct dialogue *dialogue, struct output *output, const char *line)
{
	char copy[LINE_MAX_BYTES], plain[LINE_MAX_BYTES], text[ANSWER_TEXT_SIZE];
	const struct table *table = table_find(line);
	char *words[WORDS_MAX];

	(void)snprintf(copy, sizeof(copy), "%s", line); /* one too long the server refuses */
	int count = words_split(copy, words, WORDS_MAX);
	size_t left = count > 0 ? chart_word_drop(words, (size_t)count) : 0;
	if (chart_knows(line) && left < (size_t)count &&
	    command_line_join(words, left, plain, sizeof(plain)) == 0) {
		int code = chart_show(dialogue, output, plain, span_of(words, left), text);
		return end_show(dialogue, output, code, text);
	}
	if (table && output->terminal && !output->quiet && !dialogue_has_json(dialogue))
		return table_show(dialogue, output, line, table);
	return exchange(dialogue, output, line);
}
