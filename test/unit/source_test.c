/* shared/source.h: addresses as sources, and networks. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <cmocka.h>
#include "source.h"

static bool source_at(const char *address, struct source *source)
{
	struct sockaddr_storage peer = {.ss_family = AF_INET};

	if (inet_pton(AF_INET, address, &((struct sockaddr_in *)&peer)->sin_addr) != 1) {
		peer.ss_family = AF_INET6;
		assert_int_equal(
			inet_pton(AF_INET6, address, &((struct sockaddr_in6 *)&peer)->sin6_addr),
			1);
	}
	return source_of(&peer, source);
}

static void test_texts(void **state)
{
	static const struct {
		const char *address, *text;
	} cases[] = {
		{"192.168.1.20", "192.168.1.20"},
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"::ffff:192.168.1.20", "192.168.1.20"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"::1", "::/64"},
	};
	char text[SOURCE_TEXT_SIZE];
	struct source source;

	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(source_at(cases[i].address, &source));
		assert_string_equal(source_format(&source, text, sizeof(text)), cases[i].text);
	}
}

static void test_unix_has_none(void **state)
{
	const struct sockaddr_storage peer = {.ss_family = AF_UNIX};
	struct source source;

	(void)state; /* none is needed */
	assert_false(source_of(&peer, &source));
}

static void test_equal(void **state)
{
	struct source a, b;

	(void)state;			    /* none is needed */
	(void)source_at("2001:db8::1", &a); /* it has one */
	(void)source_at("2001:db8::ffff:2", &b);
	assert_true(source_equal(&a, &b));
	(void)source_at("2001:db8:0:1::1", &b);
	assert_false(source_equal(&a, &b));
	(void)source_at("32.1.13.184", &b); /* the same leading bits */
	assert_false(source_equal(&a, &b));
}

static void test_networks(void **state)
{
	static const struct {
		const char *address, *networks;
		bool among;
	} cases[] = {
		{"127.0.0.1", "127.0.0.1 ::1", true},
		{"127.0.0.2", "127.0.0.1 ::1", false},
		{"::1", "127.0.0.1 ::1", true},
		{"10.1.2.3", "10.0.0.0/8", true},
		{"11.1.2.3", "10.0.0.0/8", false},
		{"10.1.2.3", "192.168.0.0/16,10.1.2.2/31", true},
		{"10.1.2.4", "10.1.2.2/31", false},
		{"203.0.113.9", "0.0.0.0/0", true},
		{"2001:db8::1", "0.0.0.0/0", false},
		{"2001:db8:7::1", "2001:db8::/32", true},
		{"2001:db9::1", "2001:db8::/32", false},
		{"2001:db8::1", "2001:db8::5", true}, /* its /64 */
		{"::ffff:10.1.2.3", "10.0.0.0/8", true},
		{"10.1.2.3", "", false},
	};
	struct source source;

	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)source_at(cases[i].address, &source); /* it has one */
		assert_int_equal(source_is_among(&source, cases[i].networks), cases[i].among);
	}
}

static void test_wrong_networks(void **state)
{
	static const char *const wrong[] = {"10.0.0.0/33", "::1/129",	  "10.0.0.0/",
					    "10.0.0.0/-1", "10.0.0.0/8x", "example.org",
					    "10.0.0",	   "/8"};
	char word[64];

	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char list[64];

		(void)snprintf(list, sizeof(list), "::1 %s 10.0.0.0/8", wrong[i]); /* short */
		assert_int_equal(networks_check(list, word, sizeof(word)), -1);
		assert_int_equal(errno, EINVAL);
		assert_string_equal(word, wrong[i]);
	}
	assert_int_equal(networks_check(" 10.0.0.0/8 , ::/0\t127.0.0.1 ", word, sizeof(word)), 0);
	assert_int_equal(networks_check("", word, sizeof(word)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),	       cmocka_unit_test(test_unix_has_none),
		cmocka_unit_test(test_equal),	       cmocka_unit_test(test_networks),
		cmocka_unit_test(test_wrong_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
