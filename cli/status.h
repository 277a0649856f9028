#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include <stdbool.h>

/* Exit statuses, sprinkle(1). */
enum status {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1,	/* the server answered 4xx or 5xx */
	STATUS_USAGE = 2,	/* wrong options, arguments or files of ours */
	STATUS_LOST = 3,	/* can't connect, or the connection was lost */
	STATUS_NOT_ALLOWED = 4, /* the server answered 530, 535 or 550 */
};

/* Why it can't go on: the status to exit with, and what to tell; lines apart by '\n'. */
struct failure {
	enum status status;
	bool for_good; /* it makes no sense to try again */
	char text[1024];
};

/* Fill it in; returns -1, so that a caller can return it. */
int failure_set(struct failure *, enum status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The status that a final reply with this code stands for; -1: the connection was lost. */
enum status status_of_reply(int code);

#endif
