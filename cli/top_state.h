#ifndef CLI_TOP_STATE_H
#define CLI_TOP_STATE_H

#include <jansson.h>
#include "dialogue.h"

/* What the full screen shows, as the server told it last. */
struct top_state {
	json_t *relays;			    /* of grs */
	json_t *switchings;		    /* of next */
	json_t *clients;		    /* of gat */
	json_t *profile;		    /* of gap: an array of one object */
	char relays_text[ANSWER_TEXT_SIZE]; /* of grs: how many, and the power in use */
	char message[ANSWER_TEXT_SIZE]; /* what the user's last key brought, or the last warning */
	size_t selected;		/* index in relays */
};

/* Ask for all of it. Returns 0, or -1: the connection is over. */
int top_state_learn(struct top_state *, struct dialogue *);
void top_state_clear(struct top_state *);

/* The selected relay's number; 0: there is none. */
int top_state_selected(const struct top_state *);

#endif
