/* sprinkle(1), the client of sprinkled(8): from the command line to the part that does it. */

#include <err.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "batch.h"
#include "dialogue.h"
#include "oneshot.h"
#include "options.h"
#include "output.h"
#include "prompt.h"
#include "target.h"
#include "watch.h"

/* What every part gets. */
struct setting {
	struct options options;
	struct target target;
	struct identity identity;
	struct output output;
};

static void event_show(void *context, const struct reply_line *event)
{
	output_event(context, event);
}

static enum status connected_run(struct dialogue *dialogue, struct setting *setting)
{
	const struct options *options = &setting->options;

	if (setting->output.json && dialogue_want_json(dialogue) == -1) {
		output_failure(dialogue_why_over(dialogue));
		return STATUS_LOST;
	}
	if (options->word_count == 0)
		return batch_run(dialogue, &setting->output);
	if (options->word_count == 1 && strcmp(options->words[0], "watch") == 0)
		return watch_run(dialogue);
	return oneshot_run(dialogue, &setting->output, options->words, options->word_count);
}

static enum status plain_run(struct setting *setting)
{
	struct event_handler event = {.run = event_show, .context = &setting->output};
	struct failure failure;
	struct dialogue *dialogue =
		dialogue_open(&setting->target, &setting->identity, event, &failure);

	if (!dialogue) {
		output_failure(failure.text);
		return failure.status;
	}
	enum status status = connected_run(dialogue, setting);
	dialogue_close(dialogue);
	return status;
}

static enum status client_run(struct setting *setting)
{
	if (setting->options.word_count == 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return prompt_run(&setting->target, &setting->identity, &setting->output);
	return plain_run(setting);
}

int main(int argc, char *argv[])
{
	static struct setting setting;
	struct failure failure;

	(void)setlocale(LC_ALL, ""); /* an unknown locale leaves "C" */
	options_parse(argc, argv, &setting.options);
	setting.identity.user = setting.options.user;
	setting.output = output_choose(setting.options.json, setting.options.quiet);
	if (target_choose(&setting.options, &setting.target, &failure) == -1) {
		output_failure(failure.text);
		return failure.status;
	}
	enum status status = client_run(&setting);
	if (output_finish() == -1)
		err(STATUS_LOST, "standard output");
	return status;
}
