/* Where to connect to. */

#include "target.h"

#include <bsd/string.h>
#include <stdio.h>
#include <string.h>

static const char default_socket[] = SPRINKLED_RUNDIR "/sprinkled.sock";
static const char default_port[] = "5050", default_tls_port[] = "5051";

/* What the first words said. */
struct place {
	char way;   /* 's', 'l', 'i', or 0: none of them */
	bool named; /* host is the line of that name */
	struct host host;
};

static bool text_copy(char *to, const char *from, size_t size)
{
	return strlcpy(to, from, size) < size;
}

static bool word_is_way(const char *word)
{
	return strcmp(word, "s") == 0 || strcmp(word, "l") == 0 || strcmp(word, "i") == 0;
}

/* Take the words that say where to, in any order: "l", "garden", "l garden", "garden l". */
static int place_take(struct options *options, struct place *place, struct failure *failure)
{
	for (; options->word_count > 0; options->words++, options->word_count--) {
		const char *word = options->words[0];
		if (!place->way && word_is_way(word)) {
			place->way = *word;
			continue;
		}
		if (place->named || place->way == 's')
			return 0;
		int found = hosts_file_find(word, &place->host, failure);
		if (found <= 0)
			return found;
		place->named = true;
	}
	return 0;
}

/* l or i without a name: the first line of the hosts file. */
static int place_take_first(struct place *place, struct failure *failure)
{
	int found = hosts_file_find(NULL, &place->host, failure);

	if (found == 0)
		return failure_set(
			failure, STATUS_USAGE,
			"%c needs a server in ~/.config/sprinkle/hosts, and there is none\n"
			"Name the server with -H HOST, or add a line: NAME PORT LAN-ADDRESS "
			"ROUTER-ADDRESS -",
			place->way);
	place->named = found == 1;
	return found == 1 ? 0 : -1;
}

static int target_socket(struct target *target, const char *path, struct failure *failure)
{
	(void)text_copy(target->name, "localhost", sizeof(target->name)); /* it fits */
	if (!text_copy(target->socket, path, sizeof(target->socket)))
		return failure_set(failure, STATUS_USAGE,
				   "%s: a Unix socket's path has at most %zu bytes", path,
				   sizeof(target->socket) - 1);
	return 0;
}

static int target_tcp(struct target *target, const char *name, const char *host, const char *port,
		      struct failure *failure)
{
	if (!text_copy(target->name, name, sizeof(target->name)) ||
	    !text_copy(target->host, host, sizeof(target->host)) ||
	    !text_copy(target->port, port, sizeof(target->port)))
		return failure_set(failure, STATUS_USAGE, "the host or the port is too long");
	return 0;
}

static const char *port_choose(const struct target *target, const char *port)
{
	if (port && *port)
		return port;
	return target->tls ? default_tls_port : default_port;
}

/* The same machine: the Unix socket, or where there is none, loopback. */
static int target_here(struct target *target, const char *port, struct failure *failure)
{
	if (!port && !target->tls && target_socket(target, default_socket, failure) == -1)
		return -1;
	return target_tcp(target, "localhost", "127.0.0.1", port_choose(target, port), failure);
}

static int target_of_place(struct target *target, const struct place *place, const char *port,
			   struct failure *failure)
{
	const struct host *host = &place->host;
	const char *address = place->way == 'i' ? host->router : host->lan;

	if (!*address)
		return failure_set(failure, STATUS_USAGE, "%s has no %s address in the hosts file",
				   host->name, place->way == 'i' ? "router" : "LAN");
	(void)text_copy(target->password, host->password, sizeof(target->password)); /* it fits */
	return target_tcp(target, host->name, address,
			  port_choose(target, port ? port : host->port), failure);
}

/* Who is trusted is a question of TLS alone. */
static int trust_choose(struct target *target, const struct options *options,
			struct failure *failure)
{
	target->accept_new = options->accept_new;
	target->ca_file = options->ca_file;
	if (!target->tls && (options->accept_new || options->ca_file))
		return failure_set(failure, STATUS_USAGE,
				   "--accept-new and --ca are for TLS (-T, or i)");
	return 0;
}

int target_choose(struct options *options, struct target *target, struct failure *failure)
{
	struct place place = {0};
	const char *port = options->port;

	*target = (struct target){0};
	if (!options->host && !options->socket && place_take(options, &place, failure) == -1)
		return -1;
	target->tls = options->tls || place.way == 'i';
	if (trust_choose(target, options, failure) == -1)
		return -1;
	if ((place.way == 'l' || place.way == 'i') && !place.named &&
	    place_take_first(&place, failure) == -1)
		return -1;
	if (options->host)
		return target_tcp(target, options->host, options->host, port_choose(target, port),
				  failure);
	if (place.named)
		return target_of_place(target, &place, port, failure);
	if (options->socket)
		return target_socket(target, options->socket, failure);
	if (place.way == 's')
		return target_here(target, port, failure);
	if (port || target->tls)
		return target_tcp(target, "localhost", "127.0.0.1", port_choose(target, port),
				  failure);
	return target_socket(target, default_socket, failure);
}
