/* srv/log/run_log.h: runs as lines, written whole and read back. */

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "log/run_log.h"
#include "temp_folder.h"

#define S     INT64_C(1000000000)
#define START (INT64_C(1795242600) * S) /* 2026-11-21T06:30:00Z */

static const struct run manual = {
	.relay = 3,
	.started_ns = START,
	.ended_ns = START + 600 * S,
	.planned_s = 600,
	.actual_s = 600,
	.cause = "manual",
	.by = "admin 192.168.1.20:50514",
	.end = "done",
};

#define ON_LINE \
	"2026-11-21T06:30:00Z on relay=3 planned=600 cause=manual by=\"admin 192.168.1.20:50514\""
#define OFF_LINE                                                                                \
	"2026-11-21T06:40:00Z off relay=3 started=2026-11-21T06:30:00Z planned=600 actual=600 " \
	"cause=manual by=\"admin 192.168.1.20:50514\" end=done"

static void assert_same_run(const struct run *one, const struct run *other)
{
	assert_int_equal(one->relay, other->relay);
	assert_true(one->started_ns == other->started_ns);
	assert_true(one->ended_ns == other->ended_ns);
	assert_true(one->planned_s == other->planned_s);
	assert_true(one->actual_s == other->actual_s);
	assert_string_equal(one->cause, other->cause);
	assert_string_equal(one->by, other->by);
	assert_string_equal(one->end, other->end);
}

/* What an "on" line tells of a run. */
static struct run begun(struct run run)
{
	run.ended_ns = 0;
	run.actual_s = 0;
	run.end[0] = '\0';
	return run;
}

static struct run_log *log_made(void)
{
	struct run_log *log = run_log_open(folder);

	assert_non_null(log);
	return log;
}

static void runs_are_written(void **state)
{
	struct run_log *log = log_made();

	(void)state;
	assert_int_equal(run_log_on(log, &manual), 0);
	assert_int_equal(run_log_off(log, &manual), 0);
	run_log_close(log);
	assert_string_equal(text_of("runs.log"), ON_LINE "\n" OFF_LINE "\n");
	run_log_close(NULL);
}

/* Write a run as both lines, read both back. */
static void assert_comes_back(const struct run *run)
{
	struct run_log *log = log_made();
	struct run on;
	struct run off;
	struct run wanted = begun(*run);
	char *line = NULL;

	assert_int_equal(run_log_on(log, run), 0);
	assert_int_equal(run_log_off(log, run), 0);
	run_log_close(log);
	line = text_of("runs.log");
	line[strcspn(line, "\n")] = '\0';
	assert_int_equal(run_line_parse(line, &on), 2);
	line += strlen(line) + 1;
	assert_int_equal(strcspn(line, "\n"), strlen(line) - 1);
	line[strcspn(line, "\n")] = '\0';
	assert_int_equal(run_line_parse(line, &off), 1);
	assert_same_run(&on, &wanted);
	assert_same_run(&off, run);
	assert_int_equal(unlink(path_of("runs.log")), 0);
}

static void what_is_written_is_read_back(void **state)
{
	static const char *const authors[] = {
		"",
		"profile summer",
		"profile R\xc3\xa4sen \"hinten\"",
		"back\\slash \\042 \\",
		" blanks  ",
		"forged\" end=crash\n2026-11-21T06:30:00Z on relay=1",
		"\x01\x1b[31m\xff\xc3",
		"=",
	};

	(void)state;
	assert_comes_back(&manual);
	for (size_t i = 0; i < sizeof(authors) / sizeof(authors[0]); i++) {
		struct run run = manual;

		assert_true(strlen(authors[i]) < sizeof(run.by));
		(void)strcpy(run.by, authors[i]);
		assert_comes_back(&run);
	}
}

static void the_extremes_fit_and_are_read_back(void **state)
{
	struct run run = {
		.relay = 64, .started_ns = 0, .planned_s = INT64_MAX, .actual_s = INT64_MAX};

	(void)state;
	run.ended_ns = INT64_C(9214646399) * S; /* the last second that stamps know */
	memset(run.cause, 'c', sizeof(run.cause) - 1);
	memset(run.by, '\xff', sizeof(run.by) - 1);
	memset(run.end, 'e', sizeof(run.end) - 1);
	assert_comes_back(&run);
	run.planned_s = -1;
	assert_comes_back(&run);
}

static void an_unknown_plan_is_left_out(void **state)
{
	struct run_log *log = log_made();
	struct run run = manual;

	(void)state;
	run.planned_s = -1;
	assert_int_equal(run_log_on(log, &run), 0);
	run_log_close(log);
	assert_string_equal(text_of("runs.log"), "2026-11-21T06:30:00Z on relay=3 cause=manual "
						 "by=\"admin 192.168.1.20:50514\"\n");
}

/* The clock may have been set back before a crashed keeper's runs are told. */
static void a_negative_length_is_none(void **state)
{
	struct run_log *log = log_made();
	struct run run = manual;
	char *line = NULL;

	(void)state;
	run.actual_s = -5;
	assert_int_equal(run_log_off(log, &run), 0);
	run_log_close(log);
	line = text_of("runs.log");
	line[strcspn(line, "\n")] = '\0';
	assert_int_equal(run_line_parse(line, &run), 1);
	assert_int_equal(run.actual_s, 0);
}

static void keys_of_later_versions_are_passed_over(void **state)
{
	struct run run;
	struct run wanted = begun(manual);

	(void)state;
	assert_int_equal(run_line_parse(OFF_LINE " litres=12 why=\"dry soil\"", &run), 1);
	assert_same_run(&run, &manual);
	assert_int_equal(run_line_parse("2026-11-21T06:30:00Z on x= cause=manual "
					"by=\"admin 192.168.1.20:50514\" planned=600 relay=3",
					&run),
			 2);
	assert_same_run(&run, &wanted);
}

static void other_lines_are_not_runs(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		"hello",
		"2026-11-21T06:30:00Z",
		"2026-11-21T06:30:00Z on",
		"2026-11-21T06:30:00Z away relay=3 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z ON relay=3 cause=manual by=\"\"",
		"2026-11-21 on relay=3 cause=manual by=\"\"",
		"2026-11-21T06:30:00+01:00 on relay=3 cause=manual by=\"\"",
		"2026-13-21T06:30:00Z on relay=3 cause=manual by=\"\"",
		"on relay=3 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 cause=manual",
		"2026-11-21T06:30:00Z on relay=3 cause=manual by=\"torn",
		"2026-11-21T06:30:00Z on relay=0 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=65 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=3x cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay= cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 relay=4 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 planned=-1 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 planned=9223372036854775808 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 planned=1.5 cause=manual by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 cause=manual by=\"\\Mx\"",
		"2026-11-21T06:30:00Z on relay=3 cause=manual by=\"\" loose",
		"2026-11-21T06:30:00Z on relay=3 cause=abcdefghijklmnop by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 cause=\\\\ by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 cause=\"two words\" by=\"\"",
		"2026-11-21T06:30:00Z on relay=3 cause= by=\"\"",
		"2026-11-21T06:40:00Z off relay=3 actual=1 cause=manual by=\"\" end=done",
		"2026-11-21T06:40:00Z off relay=3 started=2026-11-21T06:30:00Z cause=manual "
		"by=\"\" end=done",
		"2026-11-21T06:40:00Z off relay=3 started=2026-11-21T06:30:00Z actual=1 "
		"cause=manual by=\"\"",
		"2026-11-21T06:40:00Z off relay=3 started=never actual=1 cause=manual by=\"\" "
		"end=done",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct run run = manual;

		if (run_line_parse(lines[i], &run) != 0)
			fail_msg("%s", lines[i]);
		assert_same_run(&run, &manual);
	}
}

/* Wherever a power cut tears an "off" line, what is left is no run. */
static void a_torn_line_is_no_run(void **state)
{
	char line[] = OFF_LINE;

	(void)state;
	for (size_t length = sizeof(line) - 1 - strlen("done"); length > 0; length--) {
		struct run run;

		line[length - 1] = '\0';
		assert_int_equal(run_line_parse(line, &run), 0);
	}
}

static void a_line_too_long_is_no_run(void **state)
{
	static char line[5000];
	struct run run;

	(void)state;
	(void)strcpy(line, ON_LINE);
	memset(line + strlen(line), ' ', sizeof(line) - strlen(line) - 1);
	assert_int_equal(run_line_parse(line, &run), 0);
}

static void a_torn_last_line_is_cut_off_at_open(void **state)
{
	static const struct {
		const char *tail;
		size_t length;
	} cases[] = {{"", 0},
		     {"2026-11-21T06:4", 15},
		     {OFF_LINE, sizeof(OFF_LINE) - 1},
		     {"\0\0\0\0\0\0\0\0", 8}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[512] = ON_LINE "\n";
		struct run_log *log = NULL;

		memcpy(text + strlen(ON_LINE "\n"), cases[i].tail, cases[i].length);
		file_write("runs.log", text, strlen(ON_LINE "\n") + cases[i].length);
		log = log_made();
		assert_int_equal(run_log_off(log, &manual), 0);
		run_log_close(log);
		assert_string_equal(text_of("runs.log"), ON_LINE "\n" OFF_LINE "\n");
	}
}

static void a_full_disk_is_told_and_leaves_nothing(void **state)
{
	struct run_log *log = log_made();

	(void)state;
	assert_int_equal(run_log_on(log, &manual), 0);
	size_limit(strlen(ON_LINE "\n") + 20);
	assert_int_equal(run_log_off(log, &manual), -1);
	assert_int_equal(errno, ENOSPC);
	size_limit(RLIM_INFINITY);
	assert_string_equal(text_of("runs.log"), ON_LINE "\n");
	assert_int_equal(run_log_off(log, &manual), 0);
	run_log_close(log);
	assert_string_equal(text_of("runs.log"), ON_LINE "\n" OFF_LINE "\n");
}

static void a_device_without_room_is_told(void **state)
{
	struct run_log *log = NULL;

	(void)state;
	assert_int_equal(symlink("/dev/full", path_of("runs.log")), 0);
	log = log_made();
	assert_int_equal(run_log_on(log, &manual), -1);
	assert_int_equal(errno, ENOSPC);
	run_log_close(log);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
	(void)state;
	assert_null(run_log_open(path_of("nowhere")));
	assert_int_equal(errno, ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(runs_are_written),
		TEST(what_is_written_is_read_back),
		TEST(the_extremes_fit_and_are_read_back),
		TEST(an_unknown_plan_is_left_out),
		TEST(a_negative_length_is_none),
		TEST(keys_of_later_versions_are_passed_over),
		TEST(other_lines_are_not_runs),
		TEST(a_torn_line_is_no_run),
		TEST(a_line_too_long_is_no_run),
		TEST(a_torn_last_line_is_cut_off_at_open),
		TEST(a_full_disk_is_told_and_leaves_nothing),
		TEST(a_device_without_room_is_told),
		TEST(a_folder_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
