#ifndef CLI_WAITING_H
#define CLI_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "dialogue.h"
#include "relay_set.h"

/* Relays that were accepted to switch later (202), and when. */
struct waiting {
	struct {
		int relay;
		bool closes;	/* else it opens */
		int64_t due_ns; /* realtime */
	} entry[RELAYS_MAX];
	size_t count;
};

#define WAITING_TEXT_SIZE 96

/*
 * Ask the server who waits now. Relays that no longer do are told on standard output, one line
 * each. Returns 0, or -1: the connection is over.
 */
int waiting_refresh(struct waiting *, struct dialogue *);

/* Is somebody due, so that the server should be asked again? */
bool waiting_is_due(const struct waiting *);

/* Milliseconds until waiting_text changes or somebody is due; -1: nobody waits. */
int waiting_timeout_ms(const struct waiting *);

/* "relay 3 closes in 2 s, 1 more wait"; "" when nobody waits. Returns text. */
char *waiting_text(const struct waiting *, char text[WAITING_TEXT_SIZE]);

/*
 * On a terminal: a countdown in one line until nobody waits. Returns 0; or -1 when the connection
 * was lost before, and that is shown.
 */
int waiting_follow(struct dialogue *);

#endif
