/* srv/log/log.h: what the server has to say, on a full disk too. */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
#include <cmocka.h>
#include "log/log.h"
#include "temp_folder.h"

#define FORM "^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z "

static struct settings settings;

/* Stand in for the C library's, by either of its names, to see what would go to syslog. */
static char syslog_text[256];
static int syslog_priority;

static void syslog_take(int priority, const char *format, va_list arguments)
{
	syslog_priority = priority;
	(void)vsnprintf(syslog_text, sizeof(syslog_text), format, arguments);
}

void syslog(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	syslog_take(priority, format, arguments);
	va_end(arguments);
}

/* With -D_FORTIFY_SOURCE, syslog becomes a call of this one. */
void __syslog_chk(int priority, int flag, const char *format, ...);

void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;

	(void)flag;
	va_start(arguments, format);
	syslog_take(priority, format, arguments);
	va_end(arguments);
}

/* A new folder for each test, with the log's place a file in it. */
static int log_make(void **state)
{
	if (folder_make(state) == -1)
		return -1;
	settings = (struct settings){.log_level = LOG_LEVEL_INFO};
	(void)snprintf(settings.state_dir, sizeof(settings.state_dir), "%s", folder);
	(void)snprintf(settings.log, sizeof(settings.log), "%s/place.log", folder);
	log_role("supervisor", NULL);
	return log_open(&settings, true);
}

static void a_line_tells_when_what_and_who(void **state)
{
	char pattern[128];

	(void)state;
	log_info("client %d came", 7);
	(void)snprintf(pattern, sizeof(pattern), FORM "info supervisor\\[%d\\]: client 7 came\n$",
		       (int)getpid());
	assert_matches(text_of("events.log"), pattern);
	assert_matches(text_of("place.log"), pattern);
	assert_string_equal(text_of("errors.log"), "");
}

static void a_role_names_the_process(void **state)
{
	(void)state;
	log_role("session", "192.168.1.20:50514\n");
	log_warning("gone");
	assert_matches(text_of("events.log"),
		       FORM "warning session 192\\.168\\.1\\.20:50514\\\\012\\[[0-9]+\\]: gone\n$");
}

static void errors_are_in_both_files(void **state)
{
	(void)state;
	log_info("fine");
	log_warning("odd");
	log_error("bad");
	assert_matches(text_of("errors.log"), FORM "error supervisor\\[[0-9]+\\]: bad\n$");
	assert_matches(text_of("events.log"), "fine\n.*odd\n.*bad\n$");
	assert_matches(text_of("place.log"), "fine\n.*odd\n.*bad\n$");
}

static void the_level_decides(void **state)
{
	(void)state;
	log_debug("quiet");
	settings.log_level = LOG_LEVEL_DEBUG;
	assert_int_equal(log_reopen(&settings), 0);
	log_debug("loud");
	settings.log_level = LOG_LEVEL_ERROR;
	assert_int_equal(log_reopen(&settings), 0);
	log_warning("hushed");
	log_error("always");
	assert_null(strstr(text_of("events.log"), "quiet"));
	assert_null(strstr(text_of("events.log"), "hushed"));
	assert_matches(text_of("events.log"), "debug supervisor[^\n]*loud\n.*always\n$");
}

static void unprintable_bytes_are_escaped_and_utf8_stays(void **state)
{
	(void)state;
	log_info("%s", "R\xc3\xa4sen\n2026-11-21T06:30:00Z \x1b[31mforged\xff");
	assert_matches(text_of("events.log"),
		       "]: R\xc3\xa4sen\\\\0122026-11-21T06:30:00Z \\\\033\\[31mforged\\\\377\n$");
}

static void a_long_text_is_cut_and_still_a_line(void **state)
{
	char text[5000];
	const char *events = NULL;

	(void)state;
	memset(text, '\x01', sizeof(text) - 1); /* every byte grows to four */
	text[sizeof(text) - 1] = '\0';
	log_info("%s", text);
	log_info("next");
	events = text_of("events.log");
	assert_in_range(strchr(events, '\n') - events, 1024, 2048);
	assert_matches(strchr(events, '\n') + 1, FORM "info supervisor\\[[0-9]+\\]: next\n$");
}

static void the_callers_errno_is_what_is_told(void **state)
{
	(void)state;
	errno = ENOTTY;
	log_error("bad: %m");
	assert_matches(text_of("events.log"), "bad: Inappropriate ioctl for device\n$");
}

/* Log once with stderr led to a file. */
static void log_with_stderr_led_away(const char *text)
{
	int kept = dup(STDERR_FILENO);
	int fd = open(path_of("stderr"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_true(kept != -1 && fd != -1);
	assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	log_info("%s", text);
	assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(close(kept), 0);
	assert_int_equal(close(fd), 0);
}

static void the_place_is_as_settings_and_mode_say(void **state)
{
	static const struct {
		const char *log;
		bool foreground, to_stderr, to_syslog;
	} cases[] = {
		{"", true, true, false},	   {"", false, false, true},
		{"stderr", true, true, false},	   {"stderr", false, true, false},
		{"syslog", true, false, true},	   {"syslog", false, false, true},
		{"/dev/null", true, false, false}, {"/dev/null", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		syslog_text[0] = '\0';
		(void)unlink(path_of("stderr")); /* not there the first time */
		(void)snprintf(settings.log, sizeof(settings.log), "%s", cases[i].log);
		assert_int_equal(log_open(&settings, cases[i].foreground), 0);
		log_with_stderr_led_away("hello\n");
		assert_int_equal(strstr(text_of("stderr"), ": hello\\012\n") != NULL,
				 cases[i].to_stderr);
		assert_string_equal(syslog_text,
				    cases[i].to_syslog ? "supervisor: hello\\012" : "");
	}
	assert_int_equal(syslog_priority, LOG_INFO);
}

static void a_reload_may_change_the_place(void **state)
{
	(void)state;
	log_info("first");
	(void)snprintf(settings.log, sizeof(settings.log), "%s/other.log", folder);
	assert_int_equal(log_reopen(&settings), 0);
	log_info("second");
	(void)snprintf(settings.log, sizeof(settings.log), "%s/nowhere/other.log", folder);
	assert_int_equal(log_reopen(&settings), -1);
	assert_int_equal(errno, ENOENT);
	log_info("third");
	assert_matches(text_of("place.log"), "^[^\n]*first\n$");
	assert_matches(text_of("other.log"), "^[^\n]*second\n[^\n]*third\n$");
}

static void a_state_dir_that_is_not_there_is_told(void **state)
{
	(void)state;
	(void)snprintf(settings.state_dir, sizeof(settings.state_dir), "%s/nowhere", folder);
	settings.log[0] = '\0';
	assert_int_equal(log_open(&settings, true), -1);
	assert_int_equal(errno, ENOENT);
	log_with_stderr_led_away("still heard");
	assert_matches(text_of("stderr"), "still heard\n$");
	assert_int_equal(log_clear(LOG_EVENTS), -1);
	assert_int_equal(errno, EBADF);
}

static void a_full_disk_leaves_no_torn_line_and_is_told_once(void **state)
{
	char before[4096];
	struct stat file;

	(void)state;
	log_info("the first line");
	(void)snprintf(before, sizeof(before), "%s", text_of("events.log"));
	assert_int_equal(stat(path_of("events.log"), &file), 0);
	size_limit((rlim_t)file.st_size + 10);
	log_info("lost");
	log_info("lost too");
	size_limit(RLIM_INFINITY);
	assert_string_equal(text_of("events.log"), before);
	log_info("found");
	log_info("last");
	assert_matches(text_of("events.log") + strlen(before),
		       "^[^\n]*warning supervisor\\[[0-9]+\\]: lines lost here: 2 "
		       "\\(No space left on device\\)\n[^\n]*found\n[^\n]*last\n$");
}

static void a_child_does_not_tell_of_its_parents_losses(void **state)
{
	struct stat file;
	pid_t child = 0;
	int status = 0;

	(void)state;
	log_info("first");
	assert_int_equal(stat(path_of("events.log"), &file), 0);
	size_limit((rlim_t)file.st_size);
	log_info("lost");
	size_limit(RLIM_INFINITY);
	child = fork();
	if (child == 0) {
		log_info("child");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_matches(text_of("events.log"), "first\n[^\n]*child\n$");
}

static void a_device_without_room_stops_nothing(void **state)
{
	(void)state;
	assert_int_equal(unlink(path_of("events.log")), 0);
	assert_int_equal(symlink("/dev/full", path_of("events.log")), 0);
	assert_int_equal(log_open(&settings, true), 0);
	errno = ENOTTY;
	for (int i = 0; i < 10; i++)
		log_error("line %d", i);
	assert_int_equal(errno, ENOTTY);
	assert_matches(text_of("errors.log"), "line 0\n.*line 9\n$");
	assert_matches(text_of("place.log"), "line 0\n.*line 9\n$");
	assert_int_equal(unlink(path_of("events.log")), 0);
	assert_int_equal(log_reopen(&settings), 0);
	log_info("room");
	assert_matches(text_of("events.log"), "lines lost here: 10[^\n]*\n[^\n]*room\n$");
}

static void fatal_tells_stderr_and_ends_with_1(void **state)
{
	pid_t child = fork();
	int status = 0;

	(void)state;
	if (child == 0) {
		int fd = open(path_of("stderr"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		if (fd == -1 || dup2(fd, STDERR_FILENO) == -1)
			_exit(99);
		log_fatal("no relays: %s", "gone\n");
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	assert_string_equal(text_of("stderr"), "sprinkled: no relays: gone\\012\n");
	assert_matches(text_of("errors.log"), FORM "error supervisor\\[[0-9]+\\]: no relays: gone");
	assert_matches(text_of("place.log"), FORM "error supervisor\\[[0-9]+\\]: no relays: gone");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, log_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_tells_when_what_and_who),
		TEST(a_role_names_the_process),
		TEST(errors_are_in_both_files),
		TEST(the_level_decides),
		TEST(unprintable_bytes_are_escaped_and_utf8_stays),
		TEST(a_long_text_is_cut_and_still_a_line),
		TEST(the_callers_errno_is_what_is_told),
		TEST(the_place_is_as_settings_and_mode_say),
		TEST(a_reload_may_change_the_place),
		TEST(a_state_dir_that_is_not_there_is_told),
		TEST(a_full_disk_leaves_no_torn_line_and_is_told_once),
		TEST(a_child_does_not_tell_of_its_parents_losses),
		TEST(a_device_without_room_stops_nothing),
		TEST(fatal_tells_stderr_and_ends_with_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
