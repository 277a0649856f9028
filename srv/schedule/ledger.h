#ifndef SCHEDULE_LEDGER_H
#define SCHEDULE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What has been run, so that nothing runs twice. An occurrence is known by its profile's key, its
 * relay and its civil time (calendar.h): whatever clocks and zones do, these stay. A run takes one
 * entry: its occurrences' civil times from first to last. When all entries are taken the one that
 * ends first is dropped, and all up to its end counts as run: forgetting never waters twice.
 * Plain values.
 */

#define LEDGER_MAX 1024

struct ledger_entry {
	uint32_t profile_key;
	uint32_t relay;
	int64_t first_civil_s, last_civil_s; /* both in it */
};

struct ledger {
	int64_t horizon_civil_s; /* all up to here counts as run; 0 nothing */
	unsigned count;
	struct ledger_entry entry[LEDGER_MAX]; /* in order of last_civil_s */
};

bool ledger_has(const struct ledger *, uint32_t profile_key, unsigned relay, int64_t civil_s);

void ledger_add(struct ledger *, const struct ledger_entry *);

#endif
