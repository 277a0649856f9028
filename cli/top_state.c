#include "top_state.h"

/* What is asked, and where the answer goes. A command the server does not have answers nothing. */
static int part_learn(struct dialogue *dialogue, const char *command, json_t **part, char *text)
{
	json_t *objects;

	if (dialogue_ask(dialogue, command, &objects, text) == -1)
		return -1;
	json_decref(*part);
	*part = objects;
	return 0;
}

int top_state_learn(struct top_state *state, struct dialogue *dialogue)
{
	if (part_learn(dialogue, "gap", &state->profile, NULL) == -1 ||
	    part_learn(dialogue, "next", &state->switchings, NULL) == -1 ||
	    part_learn(dialogue, "gat", &state->clients, NULL) == -1 ||
	    part_learn(dialogue, "grs", &state->relays, state->relays_text) == -1)
		return -1;
	if (state->selected >= json_array_size(state->relays))
		state->selected = 0;
	return 0;
}

void top_state_clear(struct top_state *state)
{
	json_decref(state->relays);
	json_decref(state->switchings);
	json_decref(state->clients);
	json_decref(state->profile);
	*state = (struct top_state){0};
}

int top_state_selected(const struct top_state *state)
{
	const json_t *relay = json_array_get(state->relays, state->selected);

	return (int)json_integer_value(json_object_get(relay, "relay"));
}
