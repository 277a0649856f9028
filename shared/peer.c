#include "peer.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include "printable.h"

static char *inet_format(const struct sockaddr_in *in, char *text, size_t size)
{
	char address[INET_ADDRSTRLEN] = "";

	(void)inet_ntop(AF_INET, &in->sin_addr, address, sizeof(address)); /* always fits */
	(void)snprintf(text, size, "%s:%u", address, ntohs(in->sin_port));
	return text;
}

/* ::ffff:192.168.1.20 is an IPv4 peer of a dual-stack listener. */
static struct sockaddr_in inet_of_mapped(const struct sockaddr_in6 *in6)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = in6->sin6_port};

	memcpy(&in.sin_addr, &in6->sin6_addr.s6_addr[12], sizeof(in.sin_addr));
	return in;
}

static char *inet6_format(const struct sockaddr_in6 *in6, char *text, size_t size)
{
	char address[INET6_ADDRSTRLEN] = "";
	char scope[1 + IF_NAMESIZE] = "";
	char interface[IF_NAMESIZE];

	(void)inet_ntop(AF_INET6, &in6->sin6_addr, address, sizeof(address)); /* always fits */
	if (in6->sin6_scope_id != 0) {
		if (if_indextoname(in6->sin6_scope_id, interface) != NULL)
			(void)snprintf(scope, sizeof(scope), "%%%s", interface);
		else
			(void)snprintf(scope, sizeof(scope), "%%%u", in6->sin6_scope_id);
	}
	(void)snprintf(text, size, "[%s%s]:%u", address, scope, ntohs(in6->sin6_port));
	return text;
}

/*
 * A peer chooses its socket's path itself: only the printable is shown. "@" begins a name of the
 * abstract kind. Most clients have no name at all.
 */
static char *unix_format(const struct sockaddr_un *un, socklen_t length, char *text, size_t size)
{
	char path[sizeof(un->sun_path) + 1] = "";
	char shown[PRINTABLE_SIZE(sizeof(path))];
	size_t used = 0;

	if (length > offsetof(struct sockaddr_un, sun_path))
		used = length - offsetof(struct sockaddr_un, sun_path);
	if (used > sizeof(un->sun_path))
		used = sizeof(un->sun_path);
	memcpy(path, un->sun_path, used);
	if (path[0] == '\0' && path[1] != '\0')
		path[0] = '@';
	(void)snprintf(text, size, "unix%s%s", path[0] != '\0' ? ":" : "",
		       printable_format(path, shown, sizeof(shown)));
	return text;
}

char *peer_format(const struct sockaddr_storage *peer, socklen_t length, char *text, size_t size)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)peer;
	struct sockaddr_in in;

	switch (peer->ss_family) {
	case AF_INET:
		return inet_format((const struct sockaddr_in *)peer, text, size);
	case AF_INET6:
		if (!IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
			return inet6_format(in6, text, size);
		in = inet_of_mapped(in6);
		return inet_format(&in, text, size);
	case AF_UNIX:
		return unix_format((const struct sockaddr_un *)peer, length, text, size);
	default:
		(void)snprintf(text, size, "unknown");
		return text;
	}
}

bool peer_is_loopback(const struct sockaddr_storage *peer)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)peer;
	struct sockaddr_in in = *(const struct sockaddr_in *)peer;

	switch (peer->ss_family) {
	case AF_INET6:
		if (!IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
			return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
		in = inet_of_mapped(in6);
		/* fallthrough */
	case AF_INET:
		return ntohl(in.sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
	default:
		return peer->ss_family == AF_UNIX;
	}
}
