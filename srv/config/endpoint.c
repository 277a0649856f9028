/* service[+tls]@address[,max=N] in, a socket address out. No name is ever looked up. */
#include <arpa/inet.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include "config/endpoint.h"

/* A listener keeps the addresses of its max= connections for its last log line. */
#define ENDPOINT_MAX_CONNECTIONS 1000000

/* Longest text accepted with its NUL; what a setting can hold. */
#define ENDPOINT_TEXT_SIZE 256

static int refuse(const char **why, const char *sentence)
{
	*why = sentence;
	errno = EINVAL;
	return -1;
}

/* "control" or "control+tls", in place. */
static int service_parse(char *text, struct endpoint *endpoint, const char **why)
{
	char *plus = strchr(text, '+');

	if (plus && strcmp(plus, "+tls") != 0)
		return refuse(why, "only +tls can follow a service's name");
	if (plus)
		*plus = '\0';
	endpoint->tls = plus != NULL;
	if (*text == '\0')
		return refuse(why, "a service stands before the @, as in control@127.0.0.1:5050");
	if (strlcpy(endpoint->service, text, sizeof(endpoint->service)) >=
	    sizeof(endpoint->service))
		return refuse(why, "the service's name is too long");
	return 0;
}

/* ",max=N" at the end of address: cut off and read. */
static int max_parse(char *address, struct endpoint *endpoint, const char **why)
{
	char *comma = strrchr(address, ',');
	const char *problem;

	if (!comma)
		return 0;
	if (strncmp(comma, ",max=", 5) != 0)
		return refuse(why, "only ,max=N can follow an address");
	endpoint->max = (unsigned)strtonum(comma + 5, 1, ENDPOINT_MAX_CONNECTIONS, &problem);
	if (problem)
		return refuse(why, "max= takes a whole number from 1 to 1000000");
	*comma = '\0';
	return 0;
}

static int port_parse(const char *text, in_port_t *port, const char **why)
{
	const char *problem;
	long long number = strtonum(text, 0, 65535, &problem);

	if (problem || !isdigit((unsigned char)*text))
		return refuse(why, "a port is a number from 0 to 65535 (0: the system chooses)");
	*port = htons((in_port_t)number);
	return 0;
}

static int unix_parse(const char *path, struct endpoint *endpoint, const char **why)
{
	struct sockaddr_un *sun = (struct sockaddr_un *)&endpoint->sockaddr;

	if (*path != '/')
		return refuse(why, "a path after unix: begins with /");
	/* Fits: the address with its "unix:" was found short enough. */
	(void)strlcpy(sun->sun_path, path, sizeof(sun->sun_path));
	sun->sun_family = AF_UNIX;
	endpoint->sockaddr_length = sizeof(*sun);
	return 0;
}

/* "[ADDRESS]:PORT", in place. A link-local address with its interface (%eth0) is refused. */
static int ipv6_parse(char *text, struct endpoint *endpoint, const char **why)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&endpoint->sockaddr;
	char *end = strchr(text, ']');

	if (!end || end[1] != ':')
		return refuse(why, "an IPv6 address is written as [::1]:5050");
	*end = '\0';
	if (inet_pton(AF_INET6, text + 1, &sin6->sin6_addr) != 1)
		return refuse(why, "no IPv6 address stands between [ and ]");
	sin6->sin6_family = AF_INET6;
	endpoint->sockaddr_length = sizeof(*sin6);
	return port_parse(end + 2, &sin6->sin6_port, why);
}

/* "ADDRESS:PORT", in place. */
static int ipv4_parse(char *text, struct endpoint *endpoint, const char **why)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)&endpoint->sockaddr;
	char *colon = strchr(text, ':');

	if (!colon)
		return refuse(why, "an address is IPV4:PORT, [IPV6]:PORT or unix:/PATH");
	*colon = '\0';
	if (inet_pton(AF_INET, text, &sin->sin_addr) != 1)
		return refuse(why, "an address is numeric: IPV4:PORT, [IPV6]:PORT or unix:/PATH");
	sin->sin_family = AF_INET;
	endpoint->sockaddr_length = sizeof(*sin);
	return port_parse(colon + 1, &sin->sin_port, why);
}

int endpoint_parse(const char *text, struct endpoint *endpoint, const char **why)
{
	char copy[ENDPOINT_TEXT_SIZE], *address;

	*endpoint = (struct endpoint){0};
	if (strlcpy(copy, text, sizeof(copy)) >= sizeof(copy))
		return refuse(why, "it is too long");
	address = strchr(copy, '@');
	if (!address)
		return refuse(why, "a listener is service@address, as control@127.0.0.1:5050");
	*address++ = '\0';
	if (service_parse(copy, endpoint, why) == -1 || max_parse(address, endpoint, why) == -1)
		return -1;
	if (strlcpy(endpoint->address, address, sizeof(endpoint->address)) >=
	    sizeof(endpoint->address))
		return refuse(why, "the address is too long; at most 107 bytes are right");
	if (strncmp(address, "unix:", 5) == 0)
		return unix_parse(address + 5, endpoint, why);
	if (*address == '[')
		return ipv6_parse(address, endpoint, why);
	return ipv4_parse(address, endpoint, why);
}
