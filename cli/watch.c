#include "watch.h"

#include "exchange.h"

enum status watch_run(struct dialogue *dialogue)
{
	struct output replies = {.quiet = true}; /* that it watches needs no words */
	struct reply_line line;
	enum status status = status_of_reply(exchange(dialogue, &replies, "watch"));

	if (status != STATUS_DONE)
		return status;
	while (dialogue_hear(dialogue, &line, -1) == 1)
		output_line(&replies, &line);
	output_failure(dialogue_why_over(dialogue));
	return STATUS_LOST;
}
