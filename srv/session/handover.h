#ifndef SESSION_HANDOVER_H
#define SESSION_HANDOVER_H

#include <stdbool.h>
#include <sys/socket.h>
#include "session/services.h"

/*
 * What a session starts from that is a program of its own, as one memory file from the supervisor
 * of the same build. Descriptors are the numbers that they have in that program.
 */
struct handover {
	struct session_start start; /* its pointers are the supervisor's: to be set anew */
	struct sockaddr_storage peer;
	char service[32];  /* name of its row in the table of services */
	int segment, wake; /* segment_descriptor, requests_descriptor */
	int certificate, key;
	bool foreground;
};

#endif
