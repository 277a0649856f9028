#ifndef SHARED_RELAY_SET_H
#define SHARED_RELAY_SET_H

#include <stddef.h>
#include <stdint.h>

/*
 * RELAYS as people write them: "1 3", "1,3", "1-4" (never "4-1"), "all"; with fewer than ten relays
 * a run of digits is that many relays ("13" is 1 and 3). Bit 0 of a set is relay 1.
 */

#define RELAYS_MAX	 64
#define RELAYS_TEXT_SIZE 160

struct relay_set {
	uint64_t relays;    /* what was named and exists */
	char left_out[256]; /* "relay 9 does not exist; relay 1 is named twice", or ""; printable */
};

/*
 * Read RELAYS from words[0..count) for a board of relay_count relays (1 to RELAYS_MAX).
 * Returns 0, or -1 with errno: EINVAL a word is no relay, range or "all" (left_out names it),
 * ENOENT nothing is left (left_out says what was left out).
 */
int relay_set_parse(char *const words[], size_t count, unsigned relay_count, struct relay_set *);

/* "1 3 5-8" for a set, "" for none; cuts at size, RELAYS_TEXT_SIZE always does. Returns text. */
char *relay_set_format(uint64_t relays, char *text, size_t size);

#endif
