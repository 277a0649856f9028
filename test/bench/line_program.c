/*
 * line_program: one conversation on standard input and output, for the servers that execute a
 * program for each connection.
 */
#include <stdlib.h>
#include <unistd.h>
#include "talk.h"

int main(void)
{
	struct talk talk;
	bool on = talk_begin(&talk, STDOUT_FILENO);

	while (on)
		on = talk_advance(&talk, STDIN_FILENO, STDOUT_FILENO);
	return EXIT_SUCCESS;
}
