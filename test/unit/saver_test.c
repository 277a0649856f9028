/* srv/keeper/saver.h: what is put is written by another thread, the newest only, and told. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include "temp_folder.h"
#include "keeper/saver.h"

enum { WAIT_MS = 30000, LOOK_MS = 100 };

static struct saver *saver;

static int setup(void **state)
{
	if (folder_make(state) == -1)
		return -1;
	saver = saver_create(folder);
	return saver ? 0 : -1;
}

static int teardown(void **state)
{
	saver_destroy(saver);
	return folder_remove(state);
}

static void put(const char *text)
{
	assert_int_equal(saver_put(saver, strdup(text), strlen(text)), 0);
}

static bool told(int limit_ms)
{
	struct pollfd result = {.fd = saver_descriptor(saver), .events = POLLIN};

	return poll(&result, 1, limit_ms) == 1;
}

/* The result of all that was put. */
static int result_await(void)
{
	int error = -1;

	while (saver_busy(saver)) {
		assert_true(told(WAIT_MS));
		(void)saver_result(saver, &error); /* there may be none: it came with the last */
	}
	return error;
}

/* A disk that takes its time: who opens a pipe to write waits for one who reads. */
static void disk_stick(void)
{
	assert_int_equal(mkfifo(path_of("schedule.state.new"), 0600), 0);
}

/* Now it goes on; and the writer has come to it. */
static int disk_open(void)
{
	int reader = open(path_of("schedule.state.new"), O_RDONLY | O_CLOEXEC);

	assert_true(reader != -1);
	return reader;
}

static void nothing_put_is_no_result(void **state)
{
	int error = 42;

	(void)state;
	assert_false(saver_busy(saver));
	assert_false(told(0));
	assert_false(saver_result(saver, &error));
	assert_int_equal(error, 42);
}

static void what_is_put_is_written(void **state)
{
	int error = 42;

	(void)state;
	put("one\n");
	assert_true(saver_busy(saver));
	assert_int_equal(result_await(), 0);
	assert_string_equal(text_of("schedule.state"), "one\n");
	assert_false(told(0));
	assert_false(saver_result(saver, &error));
	put("two\n");
	assert_int_equal(result_await(), 0);
	assert_string_equal(text_of("schedule.state"), "two\n");
}

static void a_failure_is_told_by_its_errno(void **state)
{
	(void)state;
	assert_int_equal(mkdir(path_of("schedule.state.new"), 0700), 0);
	put("one\n");
	assert_int_equal(result_await(), EISDIR);
	assert_int_equal(rmdir(path_of("schedule.state.new")), 0);
	put("two\n");
	assert_int_equal(result_await(), 0);
	assert_string_equal(text_of("schedule.state"), "two\n");
}

/* More than a pipe takes: written when somebody has read it. */
static void a_stuck_disk_holds_up_nobody_and_gets_only_the_newest(void **state)
{
	static char big[200001], got[sizeof(big) + 64];
	size_t length = 0;
	int error = 42;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	disk_stick();
	put(big);
	int reader = disk_open();
	put("replaced\n");
	put("newest\n");
	assert_true(saver_busy(saver));
	assert_false(told(LOOK_MS));
	assert_false(saver_result(saver, &error));
	while (length < sizeof(big) - 1) {
		ssize_t count = read(reader, got + length, sizeof(big) - 1 - length);
		assert_true(count > 0);
		length += (size_t)count;
	}
	assert_memory_equal(got, big, length);
	assert_int_equal(result_await(), EINVAL); /* a pipe can't be synced */
	assert_int_equal(read(reader, got, sizeof(got)), strlen("newest\n"));
	assert_memory_equal(got, "newest\n", strlen("newest\n"));
	assert_int_equal(close(reader), 0);
}

static void an_older_result_is_not_the_newest(void **state)
{
	int error = 42;

	(void)state;
	disk_stick();
	put("older\n");
	int reader = disk_open();
	assert_true(told(WAIT_MS));
	assert_int_equal(close(reader), 0);
	put("newest\n"); /* nobody reads: it sticks */
	assert_true(saver_result(saver, &error));
	assert_int_equal(error, EINVAL);
	assert_true(saver_busy(saver));
	reader = disk_open();
	assert_int_equal(result_await(), EINVAL);
	assert_int_equal(close(reader), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(nothing_put_is_no_result),
		TEST(what_is_put_is_written),
		TEST(a_failure_is_told_by_its_errno),
		TEST(a_stuck_disk_holds_up_nobody_and_gets_only_the_newest),
		TEST(an_older_result_is_not_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
