/*
 * schedule.state: a text that is read as a state is within bounds, and the state written and read
 * once more is the same.
 */

#include "fuzz.h"
#include "keeper/memory_lines.h"
#include "schedule/schedule.h"

static void must_be_in_bounds(const struct runner_state *state)
{
	MUST(memchr(state->active, '\0', sizeof(state->active)) != NULL);
	MUST(memchr(state->file_active, '\0', sizeof(state->file_active)) != NULL);
	MUST(state->level_percent >= 0 && state->level_percent <= LEVEL_MAX_PERCENT);
	MUST(state->ran.count <= LEDGER_MAX);
	for (unsigned i = 0; i < state->ran.count; i++) {
		const struct ledger_entry *entry = &state->ran.entry[i];

		MUST(entry->relay >= 1 && entry->relay <= RELAYS_MAX);
		MUST(entry->first_civil_s <= entry->last_civil_s);
		MUST(i == 0 || entry[-1].last_civil_s <= entry->last_civil_s);
	}
}

/* By their texts: what lies between the fields of a struct does not count. */
static void must_come_back(const struct runner_state *state)
{
	static struct runner_state again;
	size_t length = 0;
	size_t again_length = 0;
	char *text = memory_text(state, &length);
	char *parsed = NULL;
	char *again_text = NULL;

	MUST(text != NULL);
	parsed = fuzz_text((const uint8_t *)text, length);
	runner_state_init(&again);
	MUST(memory_parse(parsed, length, &again) == 0);
	again_text = memory_text(&again, &again_length);
	MUST(again_text != NULL && again_length == length);
	MUST(memcmp(text, again_text, length) == 0);
	free(again_text);
	free(parsed);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct runner_state state;
	char *text = fuzz_text(data, size);

	runner_state_init(&state);
	if (memory_parse(text, size, &state) == 0) {
		must_be_in_bounds(&state);
		must_come_back(&state);
	}
	free(text);
	return 0;
}
