/* srv/config/users.h and srv/passwd: who may do what, and how that is written down. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "config/user_line.h"
#include "config/users.h"
#include "passwd/password.h"
#include "passwd/users_edit.h"
#include "temp_folder.h"

/* Hashes made elsewhere: by openssl passwd -6, and by crypt(3) called from another language. */
#define GREEN_HOSE              \
	"$6$seasalt$YPI55NwYE." \
	"dP8bH1LbJd84JzFKQEYi1eZfo5akCHmSeJgnK4HV6zPPzeOBzlMODH2LME91rsKdksSQZLjCNk51"
#define RAIN "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$2g66hP2QnQkXVG2xhfgbswLIx8FpOrsInOqLyWcKO95"

#define USERS                          \
	"# who may water\n\n"          \
	"vera:viewer:" GREEN_HOSE "\n" \
	"otto:operator:" RAIN "\n"     \
	"anna:admin:" RAIN "\n"

static char path[128], why[512], endless[601];

static void users_write(const char *text)
{
	(void)snprintf(path, sizeof(path), "%s", path_of("users")); /* fits: both are short */
	file_write("users", text, strlen(text));
	assert_int_equal(chmod(path, 0640), 0);
}

static void test_roles(void **state)
{
	enum role role = ROLE_NONE;

	(void)state; /* none is needed */
	assert_string_equal(role_name(ROLE_NONE), "none");
	for (enum role i = ROLE_VIEWER; i <= ROLE_ADMIN; i++) {
		assert_int_equal(role_parse(role_name(i), &role), 0);
		assert_int_equal(role, i);
	}
	assert_true(ROLE_NONE < ROLE_VIEWER && ROLE_VIEWER < ROLE_OPERATOR &&
		    ROLE_OPERATOR < ROLE_ADMIN);
	errno = 0;
	assert_int_equal(role_parse("none", &role), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(role_parse("Admin", &role), -1);
	assert_int_equal(role_parse("", &role), -1);
}

/* The role of name with password, or ROLE_NONE when that is refused as wrong. */
static enum role checked(const char *name, const char *password)
{
	enum role role = ROLE_NONE;

	errno = 0;
	if (users_check(path, name, password, &role) == 0) {
		assert_int_not_equal(role, ROLE_NONE);
		return role;
	}
	assert_int_equal(errno, EACCES);
	assert_int_equal(role, ROLE_NONE);
	return ROLE_NONE;
}

static void test_check(void **state)
{
	(void)state; /* none is needed */
	users_write(USERS);
	(void)snprintf(endless, sizeof(endless), "%0600d", 7); /* more than crypt(3) takes */
	assert_int_equal(checked("anna", endless), ROLE_NONE);
	assert_int_equal(checked("vera", "green hose"), ROLE_VIEWER);
	assert_int_equal(checked("otto", "rain"), ROLE_OPERATOR);
	assert_int_equal(checked("anna", "rain"), ROLE_ADMIN);
	assert_int_equal(checked("anna", "green hose"), ROLE_NONE);
	assert_int_equal(checked("anna", "rain "), ROLE_NONE);
	assert_int_equal(checked("anna", ""), ROLE_NONE);
	assert_int_equal(checked("Anna", "rain"), ROLE_NONE);
	assert_int_equal(checked("ann", "rain"), ROLE_NONE);
	assert_int_equal(checked("", "rain"), ROLE_NONE);
	assert_int_equal(checked("nobody", "green hose"), ROLE_NONE); /* the first one's */
	assert_int_equal(checked("# who may water", "rain"), ROLE_NONE);
}

static void test_check_without_last_newline(void **state)
{
	(void)state; /* none is needed */
	users_write("anna:admin:" RAIN);
	assert_int_equal(checked("anna", "rain"), ROLE_ADMIN);
}

/* What is no line of a user lets nobody in and keeps nobody out. */
static void test_check_of_wrong_lines(void **state)
{
	(void)state; /* none is needed */
	users_write("nell:admin:\nleo:king:" RAIN "\nlock:admin:!" RAIN "\nstar:admin:*\n"
		    "plain:admin:rain\nvera:viewer:" RAIN "\nvera:admin:" RAIN "\n");
	assert_int_equal(checked("nell", ""), ROLE_NONE);
	assert_int_equal(checked("leo", "rain"), ROLE_NONE);
	assert_int_equal(checked("lock", "rain"), ROLE_NONE);
	assert_int_equal(checked("star", "*"), ROLE_NONE);
	assert_int_equal(checked("plain", "rain"), ROLE_NONE);
	assert_int_equal(checked("vera", "rain"), ROLE_VIEWER); /* the first of two */
}

static void test_check_without_file(void **state)
{
	enum role role = ROLE_NONE;

	(void)state; /* none is needed */
	errno = 0;
	assert_int_equal(users_check(path_of("none"), "anna", "rain", &role), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(users_check(folder, "anna", "rain", &role), -1);
	assert_int_equal(errno, EISDIR);
}

/* The least CPU time of some checks, in nanoseconds: nothing else on the machine counts. */
static int64_t check_cost_ns(const char *name, const char *password)
{
	int64_t least_ns = INT64_MAX;

	for (int i = 0; i < 3; i++) {
		struct timespec from, to;
		int64_t cost_ns;

		assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from), 0);
		(void)checked(name, password); /* only its cost is asked for */
		assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to), 0);
		cost_ns = (to.tv_sec - from.tv_sec) * INT64_C(1000000000) +
			  (to.tv_nsec - from.tv_nsec);
		least_ns = cost_ns < least_ns ? cost_ns : least_ns;
	}
	return least_ns;
}

static void test_unknown_names_cost_the_same(void **state)
{
	int64_t known_ns, unknown_ns;

	(void)state; /* none is needed */
	users_write("anna:admin:" RAIN "\n");
	known_ns = check_cost_ns("anna", "wrong");
	unknown_ns = check_cost_ns("nobody", "wrong");
	assert_true(unknown_ns > known_ns / 2 && unknown_ns < known_ns * 2);
	users_write("# nobody yet\n");
	unknown_ns = check_cost_ns("nobody", "wrong");
	assert_true(unknown_ns > known_ns / 2 && unknown_ns < known_ns * 2);
}

static void test_exist(void **state)
{
	char below[160], name_too_long[400] = "";

	(void)state; /* none is needed */
	users_write("");
	assert_true(users_exist(path));
	assert_false(users_exist(path_of("none")));
	(void)snprintf(below, sizeof(below), "%s/users", path); /* fits */
	assert_false(users_exist(below)); /* a file is no folder: it can't be there */
	memset(name_too_long, 'x', sizeof(name_too_long) - 1);
	assert_true(users_exist(name_too_long)); /* who knows */
}

static const struct {
	const char *text, *why; /* after the path */
} bad[] = {
	{"anna\n", ":1: after the name stands :viewer:, :operator: or :admin:"},
	{"\n#\nanna:king:" RAIN "\n", ":3: after the name stands :viewer:, :operator: or :admin:"},
	{"an na:admin:" RAIN "\n", ":1: a name has 1 to 32 letters, digits, '.', '_' and '-'"},
	{":admin:" RAIN "\n", ":1: a name has 1 to 32 letters, digits, '.', '_' and '-'"},
	{"abcdefghijklmnopqrstuvwxyz0123456:admin:" RAIN "\n",
	 ":1: a name has 1 to 32 letters, digits, '.', '_' and '-'"},
	{"anna:admin:rain\n",
	 ":1: the hash is none that crypt(3) trusts; sprinkled-passwd makes one"},
	{"anna:admin:\n", ":1: the hash is none that crypt(3) trusts; sprinkled-passwd makes one"},
	{"anna:admin:abJnggxhB/yWI\n", /* DES */
	 ":1: the hash is none that crypt(3) trusts; sprinkled-passwd makes one"},
	{"anna:admin:" RAIN "\notto:admin:" RAIN "\nanna:viewer:" RAIN "\n",
	 ":3: this name stands in an earlier line already"},
};

static void test_verify(void **state)
{
	(void)state; /* none is needed */
	users_write(USERS "abcdefghijklmnopqrstuvwxyz012345:viewer:" RAIN "\n");
	assert_int_equal(users_verify(path, why, sizeof(why)), 0);
	users_write("");
	assert_int_equal(users_verify(path, why, sizeof(why)), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char expected[512];

		users_write(bad[i].text);
		errno = 0;
		assert_int_equal(users_verify(path, why, sizeof(why)), -1);
		assert_int_equal(errno, EINVAL);
		(void)snprintf(expected, sizeof(expected), "%s%s", path, bad[i].why); /* fits */
		assert_string_equal(why, expected);
	}
	assert_int_equal(users_verify(path_of("none"), why, sizeof(why)), -1);
	assert_int_equal(errno, ENOENT);
	assert_matches(why, "/none: No such file or directory$");
}

static void test_verify_mode(void **state)
{
	static const mode_t good_modes[] = {0640, 0600, 0400, 0440};
	static const mode_t bad_modes[] = {0644, 0660, 0642, 0641, 0777};

	(void)state; /* none is needed */
	users_write(USERS);
	for (size_t i = 0; i < sizeof(good_modes) / sizeof(*good_modes); i++) {
		assert_int_equal(chmod(path, good_modes[i]), 0);
		assert_int_equal(users_verify(path, why, sizeof(why)), 0);
	}
	for (size_t i = 0; i < sizeof(bad_modes) / sizeof(*bad_modes); i++) {
		assert_int_equal(chmod(path, bad_modes[i]), 0);
		assert_int_equal(users_verify(path, why, sizeof(why)), -1);
		assert_matches(why, "mode 0[0-7]{3} is too open; 0640 is right$");
	}
}

static void user_set(const char *name, enum role role)
{
	struct user user = {.role = role, .hash = RAIN};

	(void)snprintf(user.name, sizeof(user.name), "%s", name); /* fits */
	assert_int_equal(users_set(path, &user, (gid_t)-1, why, sizeof(why)), 0);
}

static mode_t mode_of(void)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void test_set_makes_the_file(void **state)
{
	mode_t mask = umask(0);

	(void)state;						    /* none is needed */
	(void)snprintf(path, sizeof(path), "%s", path_of("users")); /* fits */
	user_set("anna", ROLE_ADMIN);
	(void)umask(mask); /* it can't fail */
	assert_int_equal(mode_of(), 0640);
	assert_string_equal(text_of("users"), "anna:admin:" RAIN "\n");
}

static void test_set_and_remove(void **state)
{
	(void)state; /* none is needed */
	users_write("# first\nanna:viewer:" GREEN_HOSE "\n\n# last");
	assert_int_equal(chmod(path, 0600), 0);
	user_set("anna", ROLE_ADMIN); /* in its place */
	assert_string_equal(text_of("users"), "# first\nanna:admin:" RAIN "\n\n# last\n");
	user_set("ann", ROLE_VIEWER); /* at the end */
	assert_string_equal(text_of("users"),
			    "# first\nanna:admin:" RAIN "\n\n# last\nann:viewer:" RAIN "\n");
	assert_int_equal(users_remove(path, "anna", why, sizeof(why)), 0);
	assert_string_equal(text_of("users"), "# first\n\n# last\nann:viewer:" RAIN "\n");
	errno = 0;
	assert_int_equal(users_remove(path, "anna", why, sizeof(why)), -1);
	assert_int_equal(errno, ENOENT);
	assert_matches(why, "/users: there is no user anna$");
	assert_int_equal(mode_of(), 0600);
}

static unsigned folder_count(void)
{
	DIR *entries = opendir(folder);
	unsigned count = 0;

	assert_non_null(entries);
	while (readdir(entries))
		count++;
	assert_int_equal(closedir(entries), 0);
	return count - 2; /* . and .. */
}

static void test_set_refuses_what_is_wrong(void **state)
{
	struct user user = {.name = "anna", .role = ROLE_ADMIN, .hash = RAIN};

	(void)state; /* none is needed */
	users_write(USERS);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(users_set(path, &user, (gid_t)-1, why, sizeof(why)), -1);
	assert_matches(why, "too open");
	users_write("anna:admin:rain\n");
	assert_int_equal(users_set(path, &user, (gid_t)-1, why, sizeof(why)), -1);
	assert_matches(why, "users:1: the hash");
	assert_string_equal(text_of("users"), "anna:admin:rain\n");
	assert_int_equal(users_set("/nowhere/users", &user, (gid_t)-1, why, sizeof(why)), -1);
	assert_string_equal(why, "/nowhere/users: No such file or directory");
}

/* The new file can't be written whole: the old one stays, and nothing beside it. */
static void test_set_on_a_full_disk(void **state)
{
	struct user user = {.name = "otto", .role = ROLE_ADMIN, .hash = RAIN};
	struct rlimit before;

	(void)state; /* none is needed */
	users_write("anna:admin:" RAIN "\n");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	size_limit(100);
	errno = 0;
	assert_int_equal(users_set(path, &user, (gid_t)-1, why, sizeof(why)), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_string_equal(text_of("users"), "anna:admin:" RAIN "\n");
	assert_int_equal(folder_count(), 1);
}

static void test_set_through_a_link(void **state)
{
	char link[128];
	struct stat status;

	(void)state; /* none is needed */
	users_write("");
	(void)snprintf(link, sizeof(link), "%s", path_of("link")); /* fits */
	assert_int_equal(symlink("users", link), 0);
	(void)snprintf(path, sizeof(path), "%s", link); /* fits */
	user_set("anna", ROLE_ADMIN);
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_string_equal(text_of("users"), "anna:admin:" RAIN "\n");
}

static void test_passwords(void **state)
{
	static const char *const good_passwords[] = {"x", "green hose", "gr\xc3\xbcn", "a\\b'c:d"};
	static const char *const bad_passwords[] = {"", "a\tb", "a\nb", "a\x7f", "a\"b", "gr\xfcn"};
	const char *sentence;

	(void)state; /* none is needed */
	for (size_t i = 0; i < sizeof(good_passwords) / sizeof(*good_passwords); i++)
		assert_int_equal(password_judge(good_passwords[i], &sentence), 0);
	for (size_t i = 0; i < sizeof(bad_passwords) / sizeof(*bad_passwords); i++) {
		sentence = NULL;
		assert_int_equal(password_judge(bad_passwords[i], &sentence), -1);
		assert_non_null(sentence);
	}
}

static void test_hashes(void **state)
{
	struct user user = {.name = "anna", .role = ROLE_OPERATOR};
	char again[USER_HASH_SIZE], small[20];

	(void)state; /* none is needed */
	assert_int_equal(password_hash("gr\xc3\xbcn", user.hash, sizeof(user.hash)), 0);
	assert_int_equal(password_hash("gr\xc3\xbcn", again, sizeof(again)), 0);
	assert_matches(user.hash, "^[$]y[$]j9T[$][./0-9A-Za-z]{20,}[$][./0-9A-Za-z]{43}$");
	assert_string_not_equal(user.hash, again); /* salted */
	assert_int_equal(password_hash("x", small, sizeof(small)), -1);
	users_write("");
	assert_int_equal(users_set(path, &user, (gid_t)-1, why, sizeof(why)), 0);
	assert_int_equal(checked("anna", "gr\xc3\xbcn"), ROLE_OPERATOR);
	assert_int_equal(checked("anna", "grun"), ROLE_NONE);
}

#define test(function) cmocka_unit_test_setup_teardown(function, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roles),
		test(test_check),
		test(test_check_without_last_newline),
		test(test_check_of_wrong_lines),
		test(test_check_without_file),
		test(test_unknown_names_cost_the_same),
		test(test_exist),
		test(test_verify),
		test(test_verify_mode),
		test(test_set_makes_the_file),
		test(test_set_and_remove),
		test(test_set_refuses_what_is_wrong),
		test(test_set_on_a_full_disk),
		test(test_set_through_a_link),
		cmocka_unit_test(test_passwords),
		test(test_hashes),
	};

	return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
