/* shared/peer.h: socket addresses as text. */

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <cmocka.h>
#include "peer.h"

static struct sockaddr_storage inet_peer(int family, const char *address, uint16_t port)
{
	struct sockaddr_storage peer = {.ss_family = (sa_family_t)family};
	struct sockaddr_in *in = (struct sockaddr_in *)&peer;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&peer;

	if (family == AF_INET) {
		in->sin_port = htons(port);
		assert_int_equal(inet_pton(family, address, &in->sin_addr), 1);
	} else {
		in6->sin6_port = htons(port);
		assert_int_equal(inet_pton(family, address, &in6->sin6_addr), 1);
	}
	return peer;
}

static void internet_peers_are_written_and_told_from_loopback(void **state)
{
	static const struct {
		int family;
		const char *address;
		uint16_t port;
		const char *text;
		bool loopback;
	} cases[] = {
		{AF_INET, "192.168.1.20", 50514, "192.168.1.20:50514", false},
		{AF_INET, "255.255.255.255", 65535, "255.255.255.255:65535", false},
		{AF_INET, "127.0.0.1", 1, "127.0.0.1:1", true},
		{AF_INET, "127.255.0.3", 0, "127.255.0.3:0", true},
		{AF_INET, "128.0.0.1", 1, "128.0.0.1:1", false},
		{AF_INET, "0.0.0.0", 1, "0.0.0.0:1", false},
		{AF_INET6, "2001:db8::1", 40123, "[2001:db8::1]:40123", false},
		{AF_INET6, "::1", 5050, "[::1]:5050", true},
		{AF_INET6, "::", 5050, "[::]:5050", false},
		{AF_INET6, "::ffff:192.168.1.20", 50514, "192.168.1.20:50514", false},
		{AF_INET6, "::ffff:127.0.0.1", 50514, "127.0.0.1:50514", true},
	};
	char text[PEER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sockaddr_storage peer =
			inet_peer(cases[i].family, cases[i].address, cases[i].port);

		assert_ptr_equal(peer_format(&peer, sizeof(peer), text, sizeof(text)), text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(peer_is_loopback(&peer), cases[i].loopback);
	}
}

static void a_scope_is_named(void **state)
{
	struct sockaddr_storage peer = inet_peer(AF_INET6, "fe80::1", 80);
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&peer;
	char text[PEER_TEXT_SIZE];

	(void)state;
	in6->sin6_scope_id = if_nametoindex("lo");
	assert_true(in6->sin6_scope_id != 0);
	assert_string_equal(peer_format(&peer, sizeof(*in6), text, sizeof(text)),
			    "[fe80::1%lo]:80");
	in6->sin6_scope_id = UINT32_MAX; /* an interface that is gone */
	assert_string_equal(peer_format(&peer, sizeof(*in6), text, sizeof(text)),
			    "[fe80::1%4294967295]:80");
}

static void unix_peers_are_written(void **state)
{
	static const struct {
		const char *path;
		size_t length; /* of the path, as the kernel counts it */
		const char *text;
	} cases[] = {
		{"", 0, "unix"},
		{"/run/x.sock", 12, "unix:/run/x.sock"},
		{"/run/x.sock", 11, "unix:/run/x.sock"},
		{"\0"
		 "00a1b",
		 6, "unix:@00a1b"},
		{"\x1b[2J\n", 5, "unix:\\033[2J\\012"},
		{"", 126, "unix"}, /* all of a sockaddr_storage, zeros */
	};
	char text[PEER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sockaddr_storage peer = {.ss_family = AF_UNIX};
		size_t length = offsetof(struct sockaddr_un, sun_path) + cases[i].length;

		if (cases[i].length <= 12)
			memcpy(((struct sockaddr_un *)&peer)->sun_path, cases[i].path,
			       cases[i].length);
		assert_string_equal(peer_format(&peer, (socklen_t)length, text, sizeof(text)),
				    cases[i].text);
		assert_true(peer_is_loopback(&peer));
	}
}

/* What accept(2) itself says of a peer without a name. */
static void a_connected_peer_without_a_name_is_unix(void **state)
{
	struct sockaddr_storage peer = {0};
	socklen_t length = sizeof(peer);
	int pair[2];
	char text[PEER_TEXT_SIZE];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(getpeername(pair[0], (struct sockaddr *)&peer, &length), 0);
	assert_string_equal(peer_format(&peer, length, text, sizeof(text)), "unix");
}

static void a_long_path_is_cut_and_other_families_are_unknown(void **state)
{
	struct sockaddr_storage peer = {.ss_family = AF_UNIX};
	struct sockaddr_un *un = (struct sockaddr_un *)&peer;
	char text[PEER_TEXT_SIZE];

	(void)state;
	memset(un->sun_path, 'p', sizeof(un->sun_path));
	peer_format(&peer, sizeof(*un), text, sizeof(text));
	assert_int_equal(strlen(text), sizeof(text) - 1);
	assert_memory_equal(text, "unix:ppp", 8);
	peer.ss_family = AF_UNSPEC;
	assert_string_equal(peer_format(&peer, sizeof(peer), text, sizeof(text)), "unknown");
	assert_false(peer_is_loopback(&peer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(internet_peers_are_written_and_told_from_loopback),
		cmocka_unit_test(a_scope_is_named),
		cmocka_unit_test(unix_peers_are_written),
		cmocka_unit_test(a_connected_peer_without_a_name_is_unix),
		cmocka_unit_test(a_long_path_is_cut_and_other_families_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
