/*
 * source.c: addresses as sources. A key's first word is the family, its second the address: all of
 * IPv4, the first half of IPv6, in host order, so that a network is a number of leading bits.
 */
#include "source.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAMILY_4 = 4, FAMILY_6 = 6, WORD_SIZE = 64 };

struct network {
	struct source source;
	unsigned bits; /* leading bits of the second word that count */
};

static void source_of_4(const void *address, struct source *source)
{
	uint32_t bytes;

	memcpy(&bytes, address, sizeof(bytes));
	source->key[0] = FAMILY_4;
	source->key[1] = (uint64_t)ntohl(bytes) << 32;
}

static void source_of_6(const struct in6_addr *address, struct source *source)
{
	uint64_t half;

	if (IN6_IS_ADDR_V4MAPPED(address)) {
		source_of_4(&address->s6_addr[12], source);
		return;
	}
	memcpy(&half, address->s6_addr, sizeof(half));
	source->key[0] = FAMILY_6;
	source->key[1] = be64toh(half);
}

bool source_of(const struct sockaddr_storage *peer, struct source *source)
{
	*source = (struct source){{0, 0}};
	if (peer->ss_family == AF_INET)
		source_of_4(&((const struct sockaddr_in *)peer)->sin_addr, source);
	else if (peer->ss_family == AF_INET6)
		source_of_6(&((const struct sockaddr_in6 *)peer)->sin6_addr, source);
	return source->key[0] != 0;
}

bool source_equal(const struct source *a, const struct source *b)
{
	return a->key[0] == b->key[0] && a->key[1] == b->key[1];
}

char *source_format(const struct source *source, char *text, size_t size)
{
	char address[INET6_ADDRSTRLEN] = "";
	struct in6_addr in6 = IN6ADDR_ANY_INIT;
	uint32_t in = htonl((uint32_t)(source->key[1] >> 32));
	uint64_t half = htobe64(source->key[1]);

	/* Neither can fail: the families are known and there is room. */
	if (source->key[0] == FAMILY_4) {
		(void)inet_ntop(AF_INET, &in, address, sizeof(address));
		(void)snprintf(text, size, "%s", address);
		return text;
	}
	memcpy(in6.s6_addr, &half, sizeof(half));
	(void)inet_ntop(AF_INET6, &in6, address, sizeof(address));
	(void)snprintf(text, size, "%s/64", address);
	return text;
}

/* Take the next word off the list; false at its end. */
static bool word_take(const char **list, char word[WORD_SIZE])
{
	*list += strspn(*list, " \t,");
	size_t length = strcspn(*list, " \t,");

	(void)snprintf(word, WORD_SIZE, "%.*s", (int)length, *list); /* a cut one is no network */
	*list += length;
	return length > 0;
}

static int network_parse(const char *word, struct network *network)
{
	char address[WORD_SIZE], *end;
	const char *slash = strchr(word, '/');
	struct in6_addr in6;
	struct in_addr in;
	unsigned long bits = 128, most;

	(void)snprintf(address, sizeof(address), "%.*s",
		       (int)(slash ? slash - word : (ptrdiff_t)strlen(word)), word);
	if (inet_pton(AF_INET, address, &in) == 1)
		source_of_4(&in, &network->source);
	else if (inet_pton(AF_INET6, address, &in6) == 1)
		source_of_6(&in6, &network->source);
	else
		return -1;
	most = network->source.key[0] == FAMILY_4 ? 32 : 128;
	if (slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return -1;
		bits = strtoul(slash + 1, &end, 10);
		if (*end || bits > most)
			return -1;
	}
	network->bits = bits < most ? (unsigned)bits : (unsigned)most;
	return 0;
}

static bool network_holds(const struct network *network, const struct source *source)
{
	uint64_t differ = network->source.key[1] ^ source->key[1];
	unsigned bits = network->bits < 64 ? network->bits : 64;

	return network->source.key[0] == source->key[0] &&
	       (bits == 0 || differ >> (64 - bits) == 0);
}

bool source_is_among(const struct source *source, const char *networks)
{
	char word[WORD_SIZE];
	struct network network;

	while (word_take(&networks, word))
		if (network_parse(word, &network) == 0 && network_holds(&network, source))
			return true;
	return false;
}

int networks_check(const char *networks, char *wrong, size_t size)
{
	char word[WORD_SIZE];
	struct network network;

	while (word_take(&networks, word)) {
		if (network_parse(word, &network) == 0)
			continue;
		(void)snprintf(wrong, size, "%s", word); /* a cut still helps */
		errno = EINVAL;
		return -1;
	}
	return 0;
}
