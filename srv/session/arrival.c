#include "session/arrival.h"

void arrival_take(struct arrival *arrival, size_t count)
{
	line_buffer_init(&arrival->messages, arrival->bytes, sizeof(arrival->bytes));
	line_buffer_add(&arrival->messages, count);
}

enum line_kind arrival_next(struct arrival *arrival, char **text)
{
	return line_buffer_last(&arrival->messages, text);
}
