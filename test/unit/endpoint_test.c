/* srv/config/endpoint.h: listeners as the user writes them. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <cmocka.h>
#include "config/endpoint.h"
#include "peer.h"

static const struct {
	const char *text, *service, *address;
	const char *socket; /* the socket address, as peer_format writes it */
	bool tls;
	unsigned max;
} good[] = {
	{"control@127.0.0.1:5050", "control", "127.0.0.1:5050", "127.0.0.1:5050", false, 0},
	{"control+tls@[::]:5051", "control", "[::]:5051", "[::]:5051", true, 0},
	{"legacy@0.0.0.0:8001", "legacy", "0.0.0.0:8001", "0.0.0.0:8001", false, 0},
	{"echo@127.0.0.1:8080,max=5", "echo", "127.0.0.1:8080", "127.0.0.1:8080", false, 5},
	{"echo@[::1]:0,max=1000000", "echo", "[::1]:0", "[::1]:0", false, 1000000},
	{"x@[2001:db8::1]:65535", "x", "[2001:db8::1]:65535", "[2001:db8::1]:65535", false, 0},
	{"x@127.0.0.1:0", "x", "127.0.0.1:0", "127.0.0.1:0", false, 0},
	{"control@unix:/run/s.sock", "control", "unix:/run/s.sock", "unix:/run/s.sock", false, 0},
	{"control@unix:/a b:c,max=2", "control", "unix:/a b:c", "unix:/a b:c", false, 2},
};

static const struct {
	const char *text, *why;
} bad[] = {
	{"", "a listener is service@address, as control@127.0.0.1:5050"},
	{"127.0.0.1:5050", "a listener is service@address, as control@127.0.0.1:5050"},
	{"@127.0.0.1:5050", "a service stands before the @, as in control@127.0.0.1:5050"},
	{"+tls@127.0.0.1:1", "a service stands before the @, as in control@127.0.0.1:5050"},
	{"control+ssl@127.0.0.1:1", "only +tls can follow a service's name"},
	{"control+@127.0.0.1:1", "only +tls can follow a service's name"},
	{"aaaaaaaaaabbbbbbbbbbccccccccccdd@127.0.0.1:1", "the service's name is too long"},
	{"echo@", "an address is IPV4:PORT, [IPV6]:PORT or unix:/PATH"},
	{"echo@127.0.0.1", "an address is IPV4:PORT, [IPV6]:PORT or unix:/PATH"},
	{"echo@localhost:1", "an address is numeric: IPV4:PORT, [IPV6]:PORT or unix:/PATH"},
	{"echo@127.1:1", "an address is numeric: IPV4:PORT, [IPV6]:PORT or unix:/PATH"},
	{"echo@:1", "an address is numeric: IPV4:PORT, [IPV6]:PORT or unix:/PATH"},
	{"echo@::1:1", "an address is numeric: IPV4:PORT, [IPV6]:PORT or unix:/PATH"},
	{"echo@[::1]", "an IPv6 address is written as [::1]:5050"},
	{"echo@[::1:5050", "an IPv6 address is written as [::1]:5050"},
	{"echo@[127.0.0.1]:1", "no IPv6 address stands between [ and ]"},
	{"echo@[]:1", "no IPv6 address stands between [ and ]"},
	{"echo@[fe80::1%lo]:1", "no IPv6 address stands between [ and ]"},
	{"echo@127.0.0.1:", "a port is a number from 0 to 65535 (0: the system chooses)"},
	{"echo@127.0.0.1:65536", "a port is a number from 0 to 65535 (0: the system chooses)"},
	{"echo@127.0.0.1:-1", "a port is a number from 0 to 65535 (0: the system chooses)"},
	{"echo@127.0.0.1:+1", "a port is a number from 0 to 65535 (0: the system chooses)"},
	{"echo@127.0.0.1: 1", "a port is a number from 0 to 65535 (0: the system chooses)"},
	{"echo@[::1]:http", "a port is a number from 0 to 65535 (0: the system chooses)"},
	{"echo@unix:", "a path after unix: begins with /"},
	{"echo@unix:s.sock", "a path after unix: begins with /"},
	{"echo@127.0.0.1:1,min=5", "only ,max=N can follow an address"},
	{"echo@127.0.0.1:1,", "only ,max=N can follow an address"},
	{"echo@127.0.0.1:1,max=", "max= takes a whole number from 1 to 1000000"},
	{"echo@127.0.0.1:1,max=0", "max= takes a whole number from 1 to 1000000"},
	{"echo@127.0.0.1:1,max=1000001", "max= takes a whole number from 1 to 1000000"},
};

static void test_good(void **state)
{
	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct endpoint endpoint;
		char text[PEER_TEXT_SIZE];
		const char *why = NULL;

		memset(&endpoint, 0x5a, sizeof(endpoint));
		assert_int_equal(endpoint_parse(good[i].text, &endpoint, &why), 0);
		assert_null(why);
		assert_string_equal(endpoint.service, good[i].service);
		assert_string_equal(endpoint.address, good[i].address);
		assert_int_equal(endpoint.tls, good[i].tls);
		assert_int_equal(endpoint.max, good[i].max);
		assert_string_equal(peer_format(&endpoint.sockaddr, endpoint.sockaddr_length, text,
						sizeof(text)),
				    good[i].socket);
	}
}

static void test_socket_addresses(void **state)
{
	struct endpoint endpoint;
	const char *why;

	(void)state; /* none is needed */
	assert_int_equal(endpoint_parse("x@127.0.0.1:258", &endpoint, &why), 0);
	const struct sockaddr_in *sin = (const struct sockaddr_in *)&endpoint.sockaddr;
	assert_int_equal(endpoint.sockaddr_length, sizeof(*sin));
	assert_int_equal(sin->sin_family, AF_INET);
	assert_int_equal(sin->sin_port, htons(258));
	assert_int_equal(sin->sin_addr.s_addr, htonl(INADDR_LOOPBACK));

	assert_int_equal(endpoint_parse("x@[::1]:258", &endpoint, &why), 0);
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)&endpoint.sockaddr;
	assert_int_equal(endpoint.sockaddr_length, sizeof(*sin6));
	assert_int_equal(sin6->sin6_family, AF_INET6);
	assert_int_equal(sin6->sin6_port, htons(258));
	assert_memory_equal(&sin6->sin6_addr, &in6addr_loopback, sizeof(in6addr_loopback));
	assert_int_equal(sin6->sin6_scope_id, 0);
}

static void test_bad(void **state)
{
	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct endpoint endpoint;
		const char *why = NULL;

		errno = 0;
		assert_int_equal(endpoint_parse(bad[i].text, &endpoint, &why), -1);
		assert_int_equal(errno, EINVAL);
		assert_string_equal(why, bad[i].why);
	}
}

/* "unix:" and 102 bytes of path fill the address; one more is too long, as is any longer text. */
static void test_lengths(void **state)
{
	char text[512] = "x@unix:/";
	struct endpoint endpoint;
	const char *why;

	(void)state; /* none is needed */
	memset(text + 8, 'p', 101);
	assert_int_equal(endpoint_parse(text, &endpoint, &why), 0);
	assert_string_equal(((const struct sockaddr_un *)&endpoint.sockaddr)->sun_path, text + 7);
	text[8 + 101] = 'p';
	assert_int_equal(endpoint_parse(text, &endpoint, &why), -1);
	assert_string_equal(why, "the address is too long; at most 107 bytes are right");
	memset(text + 8, 'p', 400);
	assert_int_equal(endpoint_parse(text, &endpoint, &why), -1);
	assert_string_equal(why, "it is too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_socket_addresses),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
