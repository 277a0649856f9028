#ifndef SESSION_COMMAND_H
#define SESSION_COMMAND_H

#include <stddef.h>
#include "config/users.h"

struct session;

/* The one place that knows a command: a row here and a function are a new command. */

enum command_group { GROUP_GET, GROUP_SET, GROUP_FILE, GROUP_OTHER, GROUP_TEST, COMMAND_GROUPS };

struct command {
	const char *name;      /* "grs" */
	const char *long_name; /* "relays", or NULL */
	const char *arguments; /* as in the manual: "[RELAYS]", "" none */
	const char *title;     /* for the menu: "Get Relay States" */
	const char *help;      /* one sentence */
	enum command_group group;
	enum role role;		       /* the least that may; ROLE_NONE: anybody */
	unsigned min_words, max_words; /* how many arguments */
	/* Answers by session/response.h. words[0] is the command's name as it was typed. */
	void (*run)(struct session *, char *words[], size_t count);
};

extern const struct command commands[];
extern const size_t command_count;

const char *command_group_name(enum command_group); /* "GET" */

/* By name or long name, without case; NULL: there is none. */
const struct command *command_find(const char *name);

/* One line as a client sent it (without its end; it is cut up): run it and answer. */
void command_dispatch(struct session *, char *line);

/* Why the service that is spoken has no use for it, a sentence; NULL: it has. */
const char *command_objection(const struct session *, const struct command *);

/* 501 with the usage of the command being run, and what was wrong. */
void command_usage(struct session *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
