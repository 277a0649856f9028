/*
 * sources.c: counters per source address, chained in buckets. As many records as clients can be
 * there, so a record is always to be had. Invariant: a record in a chain has count > 0.
 */
#include "supervisor/sources.h"

#include <stdint.h>
#include <string.h>
#include "supervisor/own_memory.h"

struct record {
	struct source source;
	unsigned count;
	int next; /* in its chain, or in the list of free records; -1 ends */
};

struct sources {
	size_t size; /* with records and buckets, bytes */
	int free;
	size_t mask;
	int *bucket;
	struct record record[];
};

struct sources *sources_create(unsigned max_clients)
{
	size_t buckets = 16;

	while (buckets < max_clients)
		buckets *= 2;
	size_t size = sizeof(struct sources) + max_clients * sizeof(struct record) +
		      buckets * sizeof(int);
	struct sources *sources = own_memory_create(size);
	if (!sources)
		return NULL;
	sources->size = size;
	sources->bucket = (int *)&sources->record[max_clients];
	sources->mask = buckets - 1;
	memset(sources->bucket, 0xff, buckets * sizeof(int)); /* all -1: empty chains */
	sources->free = -1;
	for (int i = (int)max_clients - 1; i >= 0; i--) {
		sources->record[i].next = sources->free;
		sources->free = i;
	}
	return sources;
}

void sources_destroy(struct sources *sources)
{
	if (sources)
		own_memory_destroy(sources, sources->size);
}

static int *chain_of(struct sources *sources, const struct source *source)
{
	uint64_t hash = (source->key[0] ^ source->key[1]) * UINT64_C(0x9e3779b97f4a7c15);

	return &sources->bucket[(hash >> 32) & sources->mask];
}

int source_enter(struct sources *sources, const struct sockaddr_storage *peer, unsigned limit)
{
	struct source source;

	if (!source_of(peer, &source))
		return SOURCE_NONE;
	int *chain = chain_of(sources, &source);
	int at = *chain;
	while (at >= 0 && !source_equal(&sources->record[at].source, &source))
		at = sources->record[at].next;
	if ((at >= 0 && sources->record[at].count >= limit) || (at < 0 && sources->free < 0))
		return SOURCE_FULL;
	if (at < 0) {
		at = sources->free;
		sources->free = sources->record[at].next;
		sources->record[at] = (struct record){.source = source, .next = *chain};
		*chain = at;
	}
	sources->record[at].count++;
	return at;
}

void source_leave(struct sources *sources, int number)
{
	if (number < 0 || --sources->record[number].count > 0)
		return;
	int *link = chain_of(sources, &sources->record[number].source);
	while (*link != number)
		link = &sources->record[*link].next;
	*link = sources->record[number].next;
	sources->record[number].next = sources->free;
	sources->free = number;
}

bool source_number_of(const struct sources *sources, int number, struct source *source)
{
	if (number >= 0)
		*source = sources->record[number].source;
	return number >= 0;
}
