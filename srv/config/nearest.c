/* Guess which name a mistyped one was meant to be. */
#include <ctype.h>
#include <string.h>
#include "config/nearest.h"

#define NAME_MAX_BYTES 40 /* longer than any name in the tables */

static unsigned least_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits from a to b, without case: Levenshtein's distance. Both are below NAME_MAX_BYTES. */
static unsigned edit_distance(const char *a, const char *b)
{
	unsigned cost[NAME_MAX_BYTES][NAME_MAX_BYTES]; /* of the first i bytes to the first j */
	size_t a_length = strlen(a), b_length = strlen(b);

	for (unsigned i = 0; i <= a_length; i++) {
		for (unsigned j = 0; j <= b_length; j++) {
			if (i == 0 || j == 0) {
				cost[i][j] = i + j;
				continue;
			}
			unsigned differ = tolower((unsigned char)a[i - 1]) !=
					  tolower((unsigned char)b[j - 1]);
			cost[i][j] = least_of(least_of(cost[i - 1][j], cost[i][j - 1]) + 1,
					      cost[i - 1][j - 1] + differ);
		}
	}
	return cost[a_length][b_length];
}

const char *setting_nearest(const struct setting *table, const char *mistyped)
{
	const char *nearest = NULL;
	size_t length = strlen(mistyped);
	/* A third of it wrong and one letter more: beyond that it is another word. */
	unsigned least = (unsigned)length / 3 + 2;

	if (length >= NAME_MAX_BYTES)
		return NULL;
	for (const struct setting *setting = table; setting->name; setting++) {
		unsigned distance = edit_distance(mistyped, setting->name);

		if (distance < least) {
			least = distance;
			nearest = setting->name;
		}
	}
	return nearest;
}
