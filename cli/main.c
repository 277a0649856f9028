/* sprinkle(1), the client of sprinkled(8): from the command line to the part that does it. */

#include <err.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>
#include "batch.h"
#include "dialogue.h"
#include "oneshot.h"
#include "options.h"
#include "output.h"
#include "prompt.h"
#include "target.h"
#include "top.h"
#include "watch.h"

/* What every part gets. */
struct client {
	struct options options;
	struct target target;
	struct identity identity;
	struct output output;
};

static void event_show(void *context, const struct reply_line *event)
{
	output_event(context, event);
}

/* Commands of the command line or of standard input, on one connection. */
static enum status commands_run(struct client *client)
{
	struct event_handler event = {.run = event_show, .context = &client->output};
	struct failure failure;
	struct dialogue *dialogue =
		dialogue_open(&client->target, &client->identity, event, &failure);
	enum status status;

	if (!dialogue) {
		output_failure(failure.text);
		return failure.status;
	}
	if (client->output.json && dialogue_want_json(dialogue) == -1) {
		output_failure(dialogue_why_over(dialogue));
		status = STATUS_LOST;
	} else if (client->options.word_count > 0) {
		status = oneshot_run(dialogue, &client->output, client->options.words,
				     client->options.word_count);
	} else {
		status = batch_run(dialogue, &client->output);
	}
	dialogue_close(dialogue);
	return status;
}

static enum status client_run(struct client *client)
{
	char **words = client->options.words;
	size_t count = client->options.word_count;
	bool follow = count == 2 && strcmp(words[1], "--follow") == 0;

	if (count == 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return prompt_run(&client->target, &client->identity, &client->output);
	if (count > 0 && strcmp(words[0], "watch") == 0 && (count == 1 || follow))
		return watch_run(&client->target, &client->identity, &client->output, follow);
	if (count == 1 && strcmp(words[0], "top") == 0)
		return top_run(&client->target, &client->identity);
	return commands_run(client);
}

int main(int argc, char *argv[])
{
	static struct client client;
	struct failure failure;

	(void)setlocale(LC_ALL, ""); /* an unknown locale leaves "C" */
	options_parse(argc, argv, &client.options);
	client.identity.user = client.options.user;
	client.output = output_choose(client.options.json, client.options.quiet);
	if (target_choose(&client.options, &client.target, &failure) == -1) {
		output_failure(failure.text);
		return failure.status;
	}
	enum status status = client_run(&client);
	explicit_bzero(&client.identity, sizeof(client.identity)); /* the password's last copies */
	explicit_bzero(&client.target, sizeof(client.target));
	if (output_finish() == -1)
		err(STATUS_LOST, "standard output");
	return status;
}
