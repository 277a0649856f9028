/*
 * sources.c: counters per source address, chained in buckets. As many records as clients can be
 * there, so a record is always to be had. Invariant: a record in a chain has count > 0.
 */
#include "supervisor/sources.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include "supervisor/own_memory.h"

struct source {
	uint64_t key[2];
	unsigned count;
	int next; /* in its chain, or in the list of free records; -1 ends */
};

struct sources {
	size_t size; /* with records and buckets, bytes */
	int free;
	size_t mask;
	int *bucket;
	struct source record[];
};

struct sources *sources_create(unsigned max_clients)
{
	size_t buckets = 16;

	while (buckets < max_clients)
		buckets *= 2;
	size_t size = sizeof(struct sources) + max_clients * sizeof(struct source) +
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

/* 0 and the key, or -1 for a peer without a source. */
static int key_of(const struct sockaddr_storage *peer, uint64_t key[2])
{
	if (peer->ss_family == AF_INET) {
		key[0] = 4;
		key[1] = ((const struct sockaddr_in *)peer)->sin_addr.s_addr;
		return 0;
	}
	if (peer->ss_family != AF_INET6)
		return -1;
	const struct in6_addr *address = &((const struct sockaddr_in6 *)peer)->sin6_addr;
	if (IN6_IS_ADDR_V4MAPPED(address)) {
		uint32_t v4;
		memcpy(&v4, &address->s6_addr[12], sizeof(v4));
		key[0] = 4;
		key[1] = v4;
		return 0;
	}
	key[0] = 6;
	memcpy(&key[1], address->s6_addr, sizeof(key[1])); /* a /64 is one customer's network */
	return 0;
}

static int *chain_of(struct sources *sources, const uint64_t key[2])
{
	uint64_t hash = (key[0] ^ key[1]) * UINT64_C(0x9e3779b97f4a7c15);

	return &sources->bucket[(hash >> 32) & sources->mask];
}

int source_enter(struct sources *sources, const struct sockaddr_storage *peer, unsigned limit)
{
	uint64_t key[2];

	if (key_of(peer, key) == -1)
		return SOURCE_NONE;
	int *chain = chain_of(sources, key);
	int at = *chain;
	while (at >= 0 && memcmp(sources->record[at].key, key, sizeof(key)) != 0)
		at = sources->record[at].next;
	if ((at >= 0 && sources->record[at].count >= limit) || (at < 0 && sources->free < 0))
		return SOURCE_FULL;
	if (at < 0) {
		at = sources->free;
		sources->free = sources->record[at].next;
		sources->record[at] = (struct source){.key = {key[0], key[1]}, .next = *chain};
		*chain = at;
	}
	sources->record[at].count++;
	return at;
}

void source_leave(struct sources *sources, int number)
{
	if (number < 0 || --sources->record[number].count > 0)
		return;
	int *link = chain_of(sources, sources->record[number].key);
	while (*link != number)
		link = &sources->record[*link].next;
	*link = sources->record[number].next;
	sources->record[number].next = sources->free;
	sources->free = number;
}
