#ifndef SUPERVISOR_OPTIONS_H
#define SUPERVISOR_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include "supervisor/inherited.h"

/* The command line of sprinkled(8), and the sockets that came with it. */

#define OPTION_LIST_MAX 64

enum run_mode {
	MODE_SERVE,
	MODE_CHECK,   /* -n */
	MODE_OPEN,    /* -O */
	MODE_PREVIEW, /* -P */
	MODE_DOCTOR,  /* -D */
	MODE_VERSION, /* -V */
	MODE_SETTINGS /* -o help */
};

struct options {
	enum run_mode mode;
	bool foreground;			/* -f */
	const char *config;			/* -c; NULL the default file, which may be absent */
	const char *overrides[OPTION_LIST_MAX]; /* -o KEY=VALUE */
	size_t override_count;
	const char *listeners[OPTION_LIST_MAX]; /* -l service@address */
	size_t listener_count;
	const char *inetd_service; /* -i; NULL not started by inetd */
	struct inherited inherited;
	int ready_fd;	      /* -R; -1 none */
	const char *span;     /* -P FROM/TO */
	const char *profiles; /* -p */
	const char *profile;  /* -a */
};

/* Read argv. On anything wrong: says so and how it is right on stderr, and exits with 2. */
void options_read(int argc, char *argv[], struct options *);

#endif
