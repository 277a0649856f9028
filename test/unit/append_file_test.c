/* srv/log/append_file.h: lines whole or absent, on a full disk and among many writers too. */

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <cmocka.h>
#include "log/append_file.h"
#include "temp_folder.h"

static struct append_file file;

static int file_make(void **state)
{
	return folder_make(state) == 0 ? append_file_open(&file, folder, "a.log", TORN_LINE_ENDED)
				       : -1;
}

static int file_remove(void **state)
{
	append_file_close(&file);
	return folder_remove(state);
}

static int say(const char *line)
{
	return append_file_write(&file, line, strlen(line));
}

static void a_file_is_made_0640_and_close_on_exec(void **state)
{
	struct append_file other;
	struct stat made;
	mode_t mask = umask(0);
	int result = append_file_open(&other, folder, "other.log", TORN_LINE_CUT);

	(void)state;
	(void)umask(mask);
	assert_int_equal(result, 0);
	assert_int_equal(fstat(other.fd, &made), 0);
	assert_int_equal(made.st_mode & 07777, 0640);
	assert_int_equal(fcntl(other.fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(other.fd, F_GETFL) & (O_APPEND | O_ACCMODE), O_APPEND | O_RDWR);
	append_file_close(&other);
	assert_int_equal(other.fd, -1);
	append_file_close(&other);
}

static void what_cannot_be_opened_is_told(void **state)
{
	struct append_file other;
	char longest[PATH_MAX];

	(void)state;
	assert_int_equal(append_file_open(&other, folder, "nowhere/a.log", TORN_LINE_CUT), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(append_file_open(&other, "", folder, TORN_LINE_CUT), -1);
	assert_int_equal(errno, EISDIR);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(append_file_open(&other, folder, longest, TORN_LINE_CUT), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(append_file_write(&other, "x\n", 2), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(append_file_clear(&other), -1);
	assert_int_equal(errno, EBADF);
}

#define BLOCK 4096 /* how far back is looked at a time */

static void a_torn_last_line_is_ended_or_cut_off(void **state)
{
	static const struct {
		size_t whole, torn; /* bytes of whole lines, and after them */
	} cases[] = {
		{0, 0},
		{10, 0},
		{0, 5},
		{10, 5},
		{10, BLOCK},
		{10, BLOCK - 10},
		{10, BLOCK - 11},
		{1, BLOCK - 1},
		{BLOCK, 1},
		{BLOCK, BLOCK},
		{3 * BLOCK + 7, 2 * BLOCK + 5},
		{0, 3 * BLOCK},
	};
	static char text[8 * BLOCK];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t all = cases[i].whole + cases[i].torn;

		for (enum torn_line torn = TORN_LINE_ENDED; torn <= TORN_LINE_CUT; torn++) {
			bool ended = torn == TORN_LINE_ENDED && cases[i].torn > 0;

			memset(text, 'x', all);
			if (cases[i].whole > 0)
				text[cases[i].whole - 1] = '\n';
			file_write("a.log", text, all);
			append_file_close(&file);
			assert_int_equal(append_file_open(&file, folder, "a.log", torn), 0);
			assert_int_equal(say("next\n"), 0);
			(void)strcpy(text + (torn == TORN_LINE_CUT ? cases[i].whole : all),
				     ended ? "\nnext\n" : "next\n");
			assert_string_equal(text_of("a.log"), text);
		}
	}
}

static void clearing_keeps_the_lines_aside_and_the_inode(void **state)
{
	struct stat before;
	struct stat after;
	char big[1000];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\n';
	for (int i = 0; i < 20; i++) /* more than is copied at a time */
		assert_int_equal(append_file_write(&file, big, sizeof(big)), 0);
	assert_int_equal(fstat(file.fd, &before), 0);
	assert_int_equal(append_file_clear(&file), 0);
	assert_int_equal(stat(path_of("a.log.1"), &after), 0);
	assert_int_equal(after.st_size, 20 * sizeof(big));
	assert_string_equal(text_of("a.log"), "");
	assert_int_equal(say("after\n"), 0);
	assert_string_equal(text_of("a.log"), "after\n");
	assert_int_equal(stat(path_of("a.log"), &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	assert_int_equal(append_file_clear(&file), 0);
	assert_string_equal(text_of("a.log.1"), "after\n");
	assert_int_equal(access(path_of("a.log.1.new"), F_OK), -1);
}

/* Half of a line is seen while its writer, in the kernel, is about to write the rest. */
static void clearing_keeps_no_half_line(void **state)
{
	(void)state;
	assert_int_equal(say("whole\nhal"), 0);
	assert_int_equal(append_file_clear(&file), 0);
	assert_string_equal(text_of("a.log.1"), "whole\n");
	assert_string_equal(text_of("a.log"), "");
}

static void a_log_that_cannot_be_kept_is_not_cleared(void **state)
{
	(void)state;
	assert_int_equal(say("precious\n"), 0);
	assert_int_equal(mkdir(path_of("a.log.1"), 0700), 0);
	assert_int_equal(append_file_clear(&file), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(rmdir(path_of("a.log.1")), 0);
	assert_string_equal(text_of("a.log"), "precious\n");
	assert_int_equal(access(path_of("a.log.1.new"), F_OK), -1);
}

static void two_do_not_clear_at_once(void **state)
{
	int pipes[2];
	char byte = 0;
	pid_t child = 0;
	int status = 0;

	(void)state;
	assert_int_equal(say("line\n"), 0);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

		if (fcntl(file.fd, F_SETLK, &lock) == -1 || write(pipes[1], "x", 1) != 1)
			_exit(1);
		(void)pause(); /* hold it until killed */
		_exit(1);
	}
	assert_true(child > 0);
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	assert_int_equal(append_file_clear(&file), -1);
	assert_int_equal(errno, EBUSY);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(append_file_clear(&file), 0); /* a dead one holds nobody up */
	assert_int_equal(close(pipes[0]), 0);
	assert_int_equal(close(pipes[1]), 0);
}

static void a_rotated_file_is_opened_again_under_its_number(void **state)
{
	int fd = file.fd;
	char old[128];

	(void)state;
	assert_int_equal(say("before\n"), 0);
	assert_int_equal(append_file_reopen(&file), 0);
	assert_int_equal(say("same\n"), 0);
	assert_true(snprintf(old, sizeof(old), "%s", path_of("old.log")) > 0);
	assert_int_equal(rename(path_of("a.log"), old), 0);
	assert_int_equal(say("late\n"), 0);
	assert_int_equal(append_file_reopen(&file), 0);
	assert_int_equal(say("after\n"), 0);
	assert_int_equal(file.fd, fd);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_string_equal(text_of("old.log"), "before\nsame\nlate\n");
	assert_string_equal(text_of("a.log"), "after\n");
}

static void when_it_cannot_be_opened_again_the_old_one_goes_on(void **state)
{
	(void)state;
	assert_int_equal(unlink(path_of("a.log")), 0);
	assert_int_equal(mkdir(path_of("a.log"), 0700), 0);
	assert_int_equal(append_file_reopen(&file), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(say("to the old one\n"), 0);
	assert_int_equal(rmdir(path_of("a.log")), 0);
	append_file_close(&file);
	assert_int_equal(append_file_reopen(&file), 0);
	assert_int_equal(say("new\n"), 0);
	assert_string_equal(text_of("a.log"), "new\n");
}

static void a_full_disk_leaves_no_part_of_a_line(void **state)
{
	char longest[APPEND_LINE_MAX];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\n';
	assert_int_equal(say("first\n"), 0);
	for (rlim_t room = 0; room < sizeof(longest); room += 13) {
		size_limit(6 + room);
		assert_int_equal(append_file_write(&file, longest, sizeof(longest)), -1);
		assert_int_equal(errno, room > 0 ? ENOSPC : EFBIG);
		size_limit(RLIM_INFINITY);
		assert_string_equal(text_of("a.log"), "first\n");
	}
	assert_int_equal(append_file_write(&file, longest, sizeof(longest)), 0);
}

static void a_line_too_long_is_refused(void **state)
{
	static const char line[APPEND_LINE_MAX + 1];

	(void)state;
	assert_int_equal(append_file_write(&file, line, sizeof(line)), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_string_equal(text_of("a.log"), "");
}

static void a_full_disk_does_not_clear(void **state)
{
	(void)state;
	assert_int_equal(say("precious\n"), 0);
	size_limit(4);
	assert_int_equal(append_file_clear(&file), -1);
	assert_int_equal(errno, ENOSPC);
	size_limit(RLIM_INFINITY);
	assert_string_equal(text_of("a.log"), "precious\n");
	assert_int_equal(access(path_of("a.log.1"), F_OK), -1);
	assert_int_equal(access(path_of("a.log.1.new"), F_OK), -1);
}

#define WRITERS	 50
#define LINES_OF 100

/* Start a process that appends LINES_OF numbered lines of many lengths. */
static pid_t writer_start(int writer)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	for (int i = 0; i < LINES_OF; i++) {
		char line[512];
		int length = snprintf(line, sizeof(line), "%d %d %0*d\n", writer, i,
				      (writer * 7 + i) % 150 + 1, 0);

		if (append_file_write(&file, line, (size_t)length) == -1)
			_exit(1);
	}
	_exit(0);
}

static void writers_start(pid_t writers[WRITERS])
{
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = writer_start(i);
		assert_true(writers[i] > 0);
	}
}

static void writers_await(const pid_t writers[WRITERS])
{
	for (int i = 0; i < WRITERS; i++) {
		int status = -1;

		assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
		assert_int_equal(status, 0);
	}
}

/* Every line of text must be a whole line of some writer; returns how many there are. */
static int whole_lines(char *text)
{
	int count = 0;
	char *rest = text;
	const char *line = NULL;

	assert_true(*text == '\0' || text[strlen(text) - 1] == '\n');
	while ((line = strsep(&rest, "\n")) != NULL && rest != NULL) {
		int writer = -1;
		int number = -1;
		int zeros = -1;
		size_t length = 0;

		(void)sscanf(line, "%d %d %n", &writer, &number, &zeros); /* else they stay -1 */
		if (writer < 0 || number < 0 || zeros < 0)
			fail_msg("torn: <%s>", line);
		length = strspn(line + zeros, "0");
		if (length != (size_t)((writer * 7 + number) % 150 + 1) ||
		    line[(size_t)zeros + length] != '\0')
			fail_msg("torn: <%s>", line);
		count++;
	}
	return count;
}

static void many_writers_do_not_mix_their_lines(void **state)
{
	pid_t writers[WRITERS];

	(void)state;
	writers_start(writers);
	writers_await(writers);
	assert_int_equal(whole_lines(text_of("a.log")), WRITERS * LINES_OF);
}

static void clearing_among_writers_tears_no_line(void **state)
{
	pid_t writers[WRITERS];
	int cleared = 0;

	(void)state;
	writers_start(writers);
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(append_file_clear(&file), 0);
		cleared += whole_lines(text_of("a.log.1"));
	}
	writers_await(writers);
	assert_in_range(cleared + whole_lines(text_of("a.log")), WRITERS * LINES_OF / 2,
			WRITERS * LINES_OF);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, file_make, file_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_made_0640_and_close_on_exec),
		TEST(what_cannot_be_opened_is_told),
		TEST(a_torn_last_line_is_ended_or_cut_off),
		TEST(clearing_keeps_the_lines_aside_and_the_inode),
		TEST(clearing_keeps_no_half_line),
		TEST(a_log_that_cannot_be_kept_is_not_cleared),
		TEST(two_do_not_clear_at_once),
		TEST(a_rotated_file_is_opened_again_under_its_number),
		TEST(when_it_cannot_be_opened_again_the_old_one_goes_on),
		TEST(a_full_disk_leaves_no_part_of_a_line),
		TEST(a_line_too_long_is_refused),
		TEST(a_full_disk_does_not_clear),
		TEST(many_writers_do_not_mix_their_lines),
		TEST(clearing_among_writers_tears_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
