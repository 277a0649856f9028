/*
 * srv/config: settings. Each test/unit/settings/bad-*.yml names in its first line what must be said
 * of it ("# LINE: message"); a further case is a further file.
 */

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "settings_fixture.h"

#define FIXTURES "test/unit/settings/"

/* The overrides are refused with that message. */
#define REFUSED(message, ...)                             \
	do {                                              \
		errno = 0;                                \
		assert_int_equal(LOAD(__VA_ARGS__), -1);  \
		assert_int_equal(errno, EINVAL);          \
		assert_string_equal(error.text, message); \
	} while (0)

/* "# LINE: message" of the file as "PATH:LINE: message". */
static void expectation_read(const char *path, char *text, size_t size)
{
	char line[400];
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_int_equal(fclose(file), 0);
	line[strcspn(line, "\n")] = '\0';
	assert_int_equal(strncmp(line, "# ", 2), 0);
	assert_in_range(snprintf(text, size, "%s:%s", path, line + 2), 1, size - 1);
}

static void test_bad_files(void **state)
{
	glob_t files;

	(void)state; /* none is needed */
	assert_int_equal(glob(FIXTURES "bad-*.yml", 0, NULL, &files), 0);
	assert_in_range(files.gl_pathc, 60, 1000);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct settings before;
		char expected[512];

		memset(&settings, 0x5a, sizeof(settings));
		before = settings;
		expectation_read(files.gl_pathv[i], expected, sizeof(expected));
		errno = 0;
		assert_int_equal(settings_load(files.gl_pathv[i], true, NULL, 0, &settings, &error),
				 -1);
		assert_int_equal(errno, EINVAL);
		assert_string_equal(error.text, expected);
		assert_memory_equal(&settings, &before, sizeof(settings));
	}
	globfree(&files);
}

static void assert_relay(unsigned number, const char *line, int pin, const char *name,
			 const char *group, int64_t max_on_ms)
{
	const struct relay_setting *relay = &settings.relay[number - 1];

	assert_string_equal(relay->line, line);
	assert_int_equal(relay->pin, pin);
	assert_string_equal(relay->name, name);
	assert_string_equal(relay->group, group);
	assert_int_equal(relay->max_on_ms, max_on_ms);
}

static void good_relays_check(void)
{
	char text[128];

	assert_int_equal(settings.relay_count, 3);
	assert_relay(1, "GPIO17", 11, "Back Yard", "well", 90000);
	assert_relay(2, "27", 0, "Front lawn, by the tree", "", 0);
	assert_relay(3, "022", 0, "", "", 0);
	assert_int_equal(settings_relay_offset(&settings, 1), -1);
	assert_int_equal(settings_relay_offset(&settings, 2), 27);
	assert_int_equal(settings_relay_offset(&settings, 3), 22);
	assert_string_equal(settings_relay_text(&settings, 1, text, sizeof(text)),
			    "1 (GPIO17 on pin 11, Back Yard)");
	assert_string_equal(settings_relay_text(&settings, 2, text, sizeof(text)),
			    "2 (GPIO27, Front lawn, by the tree)");
	assert_string_equal(settings_relay_text(&settings, 3, text, sizeof(text)), "3 (GPIO022)");
	assert_string_equal(settings_relay_text(&settings, 1, text, 8), "1 (GPIO");
}

static void good_water_check(void)
{
	assert_int_equal(settings.max_on_ms, 45 * 60000);
	assert_int_equal(settings.min_switch_ms, 500);
	assert_int_equal(settings.readback_interval_ms, 10000);
	assert_number(settings.supply_va, 39.8);
	assert_number(settings.inrush_va, 12);
	assert_number(settings.hold_va, 4.5);
	assert_int_equal(settings.inrush_time_ms, 1500);
	assert_int_equal(settings.master, 3);
	assert_int_equal(settings.master_lead_ms, 2000);
	assert_int_equal(settings.master_lag_ms, 3000);
	assert_string_equal(settings.profiles_file, "/tmp/profiles.yml");
	assert_string_equal(settings.timezone, "Europe/Berlin");
	assert_number(settings.latitude, -33.9);
	assert_number(settings.longitude, 18.4);
	assert_false(settings.resume_rest);
	assert_false(settings.autostart);
}

static void test_good_file(void **state)
{
	(void)state; /* none is needed */
	assert_int_equal(settings_load(FIXTURES "good.yml", true, NULL, 0, &settings, &error), 0);
	assert_int_equal(settings.listen_count, 3);
	assert_false(settings.listen_default);
	assert_string_equal(settings.listen[0], "control@127.0.0.1:0");
	assert_string_equal(settings.listen[1], "echo@[::1]:0,max=5");
	assert_string_equal(settings.listen[2], "control@unix:/tmp/sprinkled.sock");
	assert_string_equal(settings.gpio, "pinctrl-bcm2711");
	assert_false(settings.active_low);
	good_relays_check();
	good_water_check();
	assert_string_equal(settings.users_file, "/tmp/users");
	assert_true(settings.plaintext_auth);
	assert_string_equal(settings.user, "");
	assert_string_equal(settings.group, "");
	assert_string_equal(settings.run_dir, "/tmp/run");
	assert_string_equal(settings.state_dir, "/tmp/state");
	assert_string_equal(settings.log, "stderr");
	assert_int_equal(settings.log_level, LOG_LEVEL_DEBUG);
	assert_int_equal(settings.max_clients, 4096);
	assert_int_equal(settings.max_clients_per_source, 1);
	assert_int_equal(settings.login_grace_ms, 90000);
	assert_int_equal(settings.idle_timeout_ms, 3600000);
	assert_string_equal(settings.reboot_command, "/sbin/shutdown -r now");
	assert_string_equal(settings.update_command, "/usr/bin/apt-get update");
}

static void default_relays_check(void)
{
	static const struct {
		const char *line;
		int pin;
	} reference[] = {{"5", 29},  {"6", 31},	 {"13", 33}, {"16", 36},
			 {"19", 35}, {"20", 38}, {"21", 40}, {"26", 37}};

	assert_int_equal(settings.relay_count, 8);
	for (unsigned i = 0; i < 8; i++)
		assert_relay(i + 1, reference[i].line, reference[i].pin, "", "", 0);
}

static void defaults_check(void)
{
	assert_true(settings.listen_default);
	assert_int_equal(settings.listen_count, 2);
	assert_string_equal(settings.listen[0], "control@unix:" SPRINKLED_RUNDIR "/sprinkled.sock");
	assert_string_equal(settings.listen[1], "control@127.0.0.1:5050");
	assert_string_equal(settings.gpio, "sim");
	assert_string_equal(settings.sim_fault, "");
	assert_true(settings.active_low);
	assert_int_equal(settings.max_on_ms, 3600000);
	assert_int_equal(settings.min_switch_ms, 200);
	assert_int_equal(settings.readback_interval_ms, 5000);
	assert_number(settings.supply_va, 0);
	assert_number(settings.inrush_va, 14.4);
	assert_number(settings.hold_va, 4.8);
	assert_int_equal(settings.inrush_time_ms, 1000);
	assert_int_equal(settings.master, 0);
	assert_int_equal(settings.master_lead_ms + settings.master_lag_ms, 0);
	assert_string_equal(settings.profiles_file, SPRINKLED_CONFDIR "/profiles.yml");
	assert_string_equal(settings.timezone, "");
	assert_true(isnan(settings.latitude) && isnan(settings.longitude));
	assert_true(settings.resume_rest && settings.autostart);
	assert_string_equal(settings.users_file, SPRINKLED_CONFDIR "/users");
	assert_false(settings.plaintext_auth);
	assert_string_equal(settings.user, "sprinkled");
	assert_string_equal(settings.group, "");
	assert_string_equal(settings.run_dir, SPRINKLED_RUNDIR);
	assert_string_equal(settings.state_dir, SPRINKLED_STATEDIR);
	assert_string_equal(settings.log, "");
	assert_int_equal(settings.log_level, LOG_LEVEL_INFO);
	assert_int_equal(settings.max_clients, 256);
	assert_int_equal(settings.max_clients_per_source, 32);
	assert_int_equal(settings.login_grace_ms, 20000);
	assert_int_equal(settings.idle_timeout_ms, 0);
	assert_int_equal(settings.line_timeout_ms, 30000);
	assert_int_equal(settings.keepalive_ms, 60000);
	assert_string_equal(settings.reboot_command, "/sbin/reboot");
	assert_string_equal(settings.update_command, "");
}

static void test_defaults(void **state)
{
	(void)state; /* none is needed */
	settings_defaults(&settings);
	defaults_check();
	default_relays_check();
	assert_int_equal(settings_load(FIXTURES "absent.yml", false, NULL, 0, &settings, &error),
			 0);
	defaults_check();
	assert_int_equal(settings_load("/dev/null", true, NULL, 0, &settings, &error), 0);
	defaults_check();
	default_relays_check();
}

static void test_unreadable_file(void **state)
{
	(void)state; /* none is needed */
	assert_int_equal(settings_load(FIXTURES "absent.yml", true, NULL, 0, &settings, &error),
			 -1);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(error.text, FIXTURES "absent.yml: No such file or directory");
	assert_int_equal(settings_load("/", false, NULL, 0, &settings, &error), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(settings_load("/dev/zero", false, NULL, 0, &settings, &error), -1);
	assert_int_equal(errno, EFBIG);
}

static void test_shipped_example(void **state)
{
	(void)state; /* none is needed */
	error.text[0] = '\0';
	assert_int_equal(settings_load("scripts/sprinkled.yml", true, NULL, 0, &settings, &error),
			 0);
	assert_string_equal(error.text, "");
	assert_int_equal(settings.relay_count, 8);
	assert_number(settings.supply_va, 39.8);
	assert_string_equal(settings.gpio, "auto");
}

static void test_overrides(void **state)
{
	(void)state;					     /* none is needed */
	assert_int_equal(LOAD("max_on=5", "max_on=90s"), 0); /* the last holds */
	assert_int_equal(settings.max_on_ms, 90000);
	assert_int_equal(LOAD("listen=echo@[::1]:0,max=5"), 0);
	assert_int_equal(settings.listen_count, 1);
	assert_false(settings.listen_default);
	assert_string_equal(settings.listen[0], "echo@[::1]:0,max=5");
	assert_int_equal(LOAD("listen=[control@127.0.0.1:0, 'echo@[::1]:0']"), 0);
	assert_int_equal(settings.listen_count, 2);
	assert_string_equal(settings.listen[1], "echo@[::1]:0");
	assert_int_equal(LOAD("relays=[{line: 5, name: Lawn}, {line: 6}]"), 0);
	assert_int_equal(settings.relay_count, 2);
	assert_relay(1, "5", 0, "Lawn", "", 0);
	assert_int_equal(LOAD("user=", "reboot_command=/bin/sh -c 'exit 3'", "active_low=FALSE"),
			 0);
	assert_string_equal(settings.user, "");
	assert_string_equal(settings.reboot_command, "/bin/sh -c 'exit 3'");
	assert_false(settings.active_low);
	assert_int_equal(LOAD("run_dir=/tmp/x"), 0); /* the default socket lies there */
	assert_string_equal(settings.listen[0], "control@unix:/tmp/x/sprinkled.sock");
	assert_true(settings.listen_default);
}

static void test_override_beats_file(void **state)
{
	static const char *const overrides[] = {"max_clients=7", "relays=[{line: 9}]",
						"master=none"};

	(void)state; /* none is needed */
	assert_int_equal(settings_load(FIXTURES "good.yml", true, overrides, 3, &settings, &error),
			 0);
	assert_int_equal(settings.max_clients, 7);
	assert_int_equal(settings.relay_count, 1);
	assert_relay(1, "9", 0, "", "", 0); /* nothing is left of the file's relay 1 */
	assert_relay(2, "", 0, "", "", 0);
	assert_string_equal(settings.gpio, "pinctrl-bcm2711");
}

/* Together with the file's master 3 the override is wrong; the file's line is what says so. */
static void test_places_of_conflicts(void **state)
{
	static const char *const overrides[] = {"relays=[{line: 9}]"};

	(void)state; /* none is needed */
	assert_int_equal(settings_load(FIXTURES "good.yml", true, overrides, 1, &settings, &error),
			 -1);
	assert_string_equal(error.text,
			    FIXTURES "good.yml:20: master: there is no relay 3; relays has 1");
}

static void test_bad_overrides(void **state)
{
	char text[400];

	(void)state; /* none is needed */
	REFUSED("-o max_clients: KEY=VALUE is right", "max_clients");
	REFUSED("-o max_clinets: there is no such setting; did you mean max_clients?",
		"max_clinets=5");
	REFUSED("-o zzz: there is no such setting", "zzz=5");
	REFUSED("-o : there is no such setting", "=5");
	REFUSED("-o max_on: '' is no span; 90s, 10m, 1h30m are, 5 is 5 minutes", "max_on=");
	REFUSED("-o user: has no value; '' is the empty text", "user=# nobody");
	REFUSED("-o max_on: not YAML: did not find expected node content", "max_on=[");
	REFUSED("-o max_on: a second document begins; one is right", "max_on=5\n--- 6");
	REFUSED("-o relays: relay 2: line 5 is relay 1's already", "relays=[{line: 5}, {line: 5}]");
	REFUSED("-o relays: relay 1: 'pni' is not known; did you mean pin?",
		"relays=[{line: 5, pni: 29}]");
	REFUSED("-o gpio: is longer than 255 bytes",
		(memset(text, 'x', 300), memcpy(text, "gpio=", 5), text[300] = '\0', text));
}

static void test_list_limits(void **state)
{
	char text[8192] = "relays=[";
	size_t length = strlen(text);

	(void)state; /* none is needed */
	for (int i = 0; i < RELAYS_MAX; i++)
		length += (size_t)sprintf(text + length, "{line: %d},", i);
	strcpy(text + length, "]");
	assert_int_equal(LOAD(text), 0);
	assert_int_equal(settings.relay_count, RELAYS_MAX);
	strcpy(text + length, "{line: 99}]");
	REFUSED("-o relays: 65 relays; from 1 to 64 are right", text);

	length = (size_t)sprintf(text, "listen=[");
	for (int i = 0; i < SETTINGS_LISTENERS_MAX; i++)
		length += (size_t)sprintf(text + length, "echo@127.0.0.1:0,");
	strcpy(text + length, "]");
	assert_int_equal(LOAD(text), 0); /* port 0 many times is no clash */
	assert_int_equal(settings.listen_count, SETTINGS_LISTENERS_MAX);
	strcpy(text + length, "echo@127.0.0.1:0]");
	REFUSED("-o listen: more than 16 listeners", text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_good_file),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_unreadable_file),
		cmocka_unit_test(test_shipped_example),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_override_beats_file),
		cmocka_unit_test(test_places_of_conflicts),
		cmocka_unit_test(test_bad_overrides),
		cmocka_unit_test(test_list_limits),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
