#include "oneshot.h"

#include <errno.h>
#include "command_line.h"
#include "line_buffer.h"
#include "show.h"
#include "waiting.h"

enum status oneshot_run(struct dialogue *dialogue, struct output *output, char *const words[],
			size_t count)
{
	char line[LINE_MAX_BYTES];

	if (command_line_join(words, count, line, sizeof(line)) == -1) {
		output_failure(errno == E2BIG ? "the command is longer than 1023 bytes"
					      : "a word of a command can't hold double quotes or "
						"control characters");
		return STATUS_USAGE;
	}
	int code = show_command(dialogue, output, line);
	bool visible = output->terminal && !output->json && !output->quiet;
	if (code == REPLY_LATER && visible && !dialogue_over(dialogue) &&
	    waiting_follow(dialogue) == -1)
		return STATUS_LOST;
	return status_of_reply(code);
}
