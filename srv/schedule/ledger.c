/* What has been run: a sorted array, the oldest dropped when it is full. */
#include <string.h>
#include "schedule/ledger.h"

bool ledger_has(const struct ledger *ledger, uint32_t profile_key, unsigned relay, int64_t civil_s)
{
	if (civil_s <= ledger->horizon_civil_s)
		return true;
	/* Mostly asked about what is to come: newest first, no further than what ends before. */
	for (unsigned i = ledger->count; i > 0; i--) {
		const struct ledger_entry *entry = &ledger->entry[i - 1];

		if (entry->last_civil_s < civil_s)
			break;
		if (entry->first_civil_s <= civil_s && entry->relay == relay &&
		    entry->profile_key == profile_key)
			return true;
	}
	return false;
}

static void horizon_raise(struct ledger *ledger, int64_t civil_s)
{
	if (civil_s > ledger->horizon_civil_s)
		ledger->horizon_civil_s = civil_s;
}

void ledger_add(struct ledger *ledger, const struct ledger_entry *new)
{
	struct ledger_entry *entry = ledger->entry;
	unsigned place = ledger->count;

	while (place > 0 && entry[place - 1].last_civil_s > new->last_civil_s)
		place--;
	if (ledger->count < LEDGER_MAX) {
		memmove(&entry[place + 1], &entry[place], (ledger->count - place) * sizeof(*entry));
		entry[place] = *new;
		ledger->count++;
	} else if (place == 0) {
		horizon_raise(ledger, new->last_civil_s);
	} else {
		horizon_raise(ledger, entry[0].last_civil_s);
		memmove(&entry[0], &entry[1], (place - 1) * sizeof(*entry));
		entry[place - 1] = *new;
	}
}
