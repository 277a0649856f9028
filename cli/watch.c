#include "watch.h"

#include <time.h>
#include "dialogue.h"

/* Pauses between tries to reach a server that has gone, growing to the longest. */
enum { PAUSE_FIRST_MS = 100, PAUSE_LONGEST_MS = 5000 };

static void event_show(void *context, const struct reply_line *event)
{
	output_event(context, event);
}

/* Ask for events; that they will come needs no words, that they won't does. */
static enum status watch_begin(struct dialogue *dialogue, const struct output *output)
{
	struct output failures = {.quiet = true};
	struct reply_line line;

	if (output->json && dialogue_want_json(dialogue) == -1)
		return STATUS_LOST;
	if (dialogue_say(dialogue, "watch") == -1)
		return STATUS_LOST;
	while (dialogue_hear(dialogue, &line, -1) == 1) {
		output_line(&failures, &line);
		if (line.final)
			return status_of_reply(line.code);
	}
	return STATUS_LOST;
}

/* One connection, until it is over. */
static enum status connection_watch(struct dialogue *dialogue, const struct output *output)
{
	struct output failures = {.quiet = true};
	struct reply_line line;
	enum status status = watch_begin(dialogue, output);

	if (status != STATUS_DONE && status != STATUS_LOST)
		return status;
	while (dialogue_hear(dialogue, &line, -1) == 1)
		output_line(&failures, &line);
	output_failure(dialogue_why_over(dialogue));
	return STATUS_LOST;
}

static void pause_take(int *pause_ms)
{
	const struct timespec length = {
		.tv_sec = *pause_ms / 1000,
		.tv_nsec = *pause_ms % 1000 * 1000000L,
	};

	(void)nanosleep(&length, NULL); /* a signal that does not end us may shorten it */
	*pause_ms = *pause_ms * 2 > PAUSE_LONGEST_MS ? PAUSE_LONGEST_MS : *pause_ms * 2;
}

/* Try until the server is there again. NULL when it is, but does not let us in: *failure. */
static struct dialogue *dialogue_regain(const struct target *target, struct identity *identity,
					struct event_handler event, struct failure *failure)
{
	int pause_ms = PAUSE_FIRST_MS;
	struct dialogue *dialogue;

	do {
		pause_take(&pause_ms);
		dialogue = dialogue_open(target, identity, event, failure);
	} while (!dialogue && failure->status == STATUS_LOST && !failure->for_good);
	return dialogue;
}

enum status watch_run(const struct target *target, struct identity *identity, struct output *output,
		      bool follow)
{
	struct event_handler event = {.run = event_show, .context = output};
	struct failure failure = {.status = STATUS_DONE};
	struct dialogue *dialogue = dialogue_open(target, identity, event, &failure);

	while (dialogue) {
		failure.status = connection_watch(dialogue, output);
		dialogue_close(dialogue);
		if (failure.status != STATUS_LOST || !follow)
			return failure.status;
		dialogue = dialogue_regain(target, identity, event, &failure);
	}
	output_failure(failure.text);
	return failure.status;
}
