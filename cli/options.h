#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* The command line of sprinkle(1). The texts point into argv. */
struct options {
	const char *host, *port, *socket; /* NULL: not given */
	bool tls, accept_new;
	const char *ca_file; /* NULL: not given */
	const char *user;    /* NULL: not given */
	bool json, quiet;
	char **words; /* what stands after the options: where to, then the command */
	size_t word_count;
};

/* Read it. Ends the program itself on -h and -V (0) and on what it can't read (STATUS_USAGE). */
void options_parse(int argc, char *argv[], struct options *);

/* "usage: …" with one more line on what is wrong. Ends the program with STATUS_USAGE. */
void usage_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
