/*
 * srv/config: the table of settings against the manual, the shipped example, and itself; and what a
 * running server takes of new settings.
 */

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "config/settings_table.h"
#include "config/whole_file.h"
#include "settings_fixture.h"
#include "span.h"

/* A value other than the default, and whether a running server must wait with it for a start. */
static const struct {
	const char *name, *override;
	bool restart;
} changes[] = {
	{"listen", "listen=control@127.0.0.1:6060", true},
	{"gpio", "gpio=auto", true},
	{"sim_fault", "sim_fault=stuck", true},
	{"active_low", "active_low=no", true},
	{"relays", "relays=[{line: 5}]", true},
	{"max_on", "max_on=5", false},
	{"min_switch", "min_switch=1s", false},
	{"readback_interval", "readback_interval=1s", false},
	{"supply_va", "supply_va=40", false},
	{"inrush_va", "inrush_va=15", false},
	{"hold_va", "hold_va=5", false},
	{"inrush_time", "inrush_time=2s", false},
	{"master", "master=1", false},
	{"master_lead", "master_lead=1s", false},
	{"master_lag", "master_lag=1s", false},
	{"profiles_file", "profiles_file=/x", false},
	{"timezone", "timezone=Europe/Berlin", true},
	{"latitude", NULL, false}, /* goes only with the next */
	{"longitude", NULL, false},
	{"resume", "resume=skip", false},
	{"autostart", "autostart=no", false},
	{"users_file", "users_file=/x", false},
	{"plaintext_auth", "plaintext_auth=yes", false},
	{"legacy_user", "legacy_user=x", false},
	{"tls_cert", "tls_cert=/x", false},
	{"tls_key", "tls_key=/x", false},
	{"user", "user=nobody", true},
	{"group", "group=nogroup", true},
	{"run_dir", "run_dir=/x", true},
	{"state_dir", "state_dir=/x", true},
	{"log", "log=/x", false},
	{"log_level", "log_level=debug", false},
	{"max_clients", "max_clients=1", true},
	{"max_clients_per_source", "max_clients_per_source=1", false},
	{"login_grace", "login_grace=1s", false},
	{"idle_timeout", "idle_timeout=1s", false},
	{"line_timeout", "line_timeout=1s", false},
	{"keepalive", "keepalive=1s", true},
	{"penalty_auth", "penalty_auth=1s", false},
	{"penalty_grace", "penalty_grace=1s", false},
	{"penalty_crash", "penalty_crash=1s", false},
	{"penalty_role", "penalty_role=2s", false},
	{"penalty_least", "penalty_least=1s", false},
	{"penalty_most", "penalty_most=1s", false},
	{"penalty_exempt", "penalty_exempt=10.0.0.0/8", false},
	{"reboot_command", "reboot_command=/x", false},
	{"update_command", "update_command=/x", false},
};
#define CHANGES (sizeof(changes) / sizeof(*changes))

static void test_rows(void **state)
{
	const struct settings_row *rows;
	size_t count = settings_rows(&rows);

	(void)state; /* none is needed */
	assert_int_equal(count, CHANGES);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(rows[i].name, changes[i].name);
		assert_true(*rows[i].type && *rows[i].initial && *rows[i].help);
		assert_null(strpbrk(rows[i].help, "\t\n"));
	}
}

/* A default written out is the default: the file may state what holds anyhow. */
static void test_defaults_are_values(void **state)
{
	const struct settings_row *rows;
	size_t count = settings_rows(&rows);
	struct settings defaults;

	(void)state; /* none is needed */
	settings_defaults(&defaults);
	for (size_t i = 0; i < count; i++) {
		char override[1024];

		assert_in_range(snprintf(override, sizeof(override), "%s=%s", rows[i].name,
					 rows[i].initial),
				1, sizeof(override) - 1);
		assert_int_equal(LOAD(override), 0);
		settings.listen_default = true; /* the one difference */
		assert_memory_equal(&settings, &defaults, sizeof(settings));
	}
}

/* What the manual must say of a row below its name: type, default, bounds, and what it waits for.
 */
static void facts_format(const struct setting *row, char *text, size_t size)
{
	bool no_default = row->type == SETTING_LISTEN || row->type == SETTING_RELAYS ||
			  strcmp(row->name, "line") == 0;
	char bounds[96] = "", least[32], most[32];

	if (row->type == SETTING_SPAN)
		(void)snprintf(bounds, sizeof(bounds), "; from %s to %s",
			       span_format((int64_t)row->least, least, sizeof(least)),
			       span_format((int64_t)row->most, most, sizeof(most)));
	else if (row->type == SETTING_COUNT || row->type == SETTING_NUMBER)
		(void)snprintf(bounds, sizeof(bounds), "; from %.7g to %.7g", row->least,
			       row->most);
	assert_in_range(snprintf(text, size, ".It Cm %s\n%s%s%s%s%s.\n", row->name, row->type_text,
				 no_default ? "" : "; default ", no_default ? "" : row->initial,
				 bounds, row->at_start ? "; needs a start" : ""),
			1, size - 1);
}

static void test_manual(void **state)
{
	const struct setting *const tables[] = {settings_table, relay_table};
	size_t length;
	char *manual = whole_file_read("man/sprinkled.yml.5", &length);

	(void)state; /* none is needed */
	assert_non_null(manual);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (const struct setting *row = tables[i]; row->name; row++) {
			char facts[256];

			facts_format(row, facts, sizeof(facts));
			if (!strstr(manual, facts))
				fail_msg("sprinkled.yml(5) lacks:\n%s", facts);
		}
	}
	free(manual);
}

/* Every setting stands in the shipped example, in force or behind a comment sign. */
static void test_example_names_all(void **state)
{
	size_t length;
	char *example = whole_file_read("scripts/sprinkled.yml", &length);

	(void)state; /* none is needed */
	assert_non_null(example);
	for (const struct setting *row = settings_table; row->name; row++) {
		char in_force[64], commented[64];

		(void)snprintf(in_force, sizeof(in_force), "\n%s:", row->name); /* fits */
		(void)snprintf(commented, sizeof(commented), "\n# %s:", row->name);
		if (!strstr(example, in_force) && !strstr(example, commented))
			fail_msg("sprinkled.yml lacks %s", row->name);
	}
	free(example);
}

static void test_reload(void **state)
{
	(void)state; /* none is needed */
	for (size_t i = 0; i < CHANGES; i++) {
		struct settings running, taken;
		const char *named;

		settings_defaults(&running);
		taken = running;
		if (!changes[i].override)
			continue;
		assert_int_equal(LOAD(changes[i].override), 0);
		assert_memory_not_equal(&settings, &running, sizeof(running));
		named = settings_needs_restart(&running, &settings);
		settings_take_reloadable(&taken, &settings);
		if (changes[i].restart) {
			/* A new run_dir moves the default socket, so that listen is named. */
			assert_string_equal(named, strcmp(changes[i].name, "run_dir") == 0
							   ? "listen"
							   : changes[i].name);
			assert_memory_equal(&taken, &running, sizeof(running));
		} else {
			assert_null(named);
			assert_memory_equal(&taken, &settings, sizeof(settings));
		}
	}
}

static void test_reload_of_position(void **state)
{
	struct settings running;

	(void)state; /* none is needed */
	settings_defaults(&running);
	assert_int_equal(LOAD("latitude=52.5", "longitude=13.4"), 0);
	assert_null(settings_needs_restart(&running, &settings));
	settings_take_reloadable(&running, &settings);
	assert_number(running.latitude, 52.5);
	assert_number(running.longitude, 13.4);
}

static void test_reload_of_relays(void **state)
{
	struct settings running;

	(void)state; /* none is needed */
	assert_int_equal(LOAD("relays=[{line: 5, pin: 29}, {line: 6}]"), 0);
	running = settings;
	assert_int_equal(LOAD("relays=[{line: 5, pin: 29, name: Lawn, group: a, max_on: 9s}, "
			      "{line: 6}]"),
			 0);
	assert_null(settings_needs_restart(&running, &settings));
	settings_take_reloadable(&running, &settings);
	assert_string_equal(running.relay[0].name, "Lawn");
	assert_string_equal(running.relay[0].group, "a");
	assert_int_equal(running.relay[0].max_on_ms, 9000);
	assert_int_equal(LOAD("relays=[{line: 5, pin: 30}, {line: 6}]"), 0);
	assert_string_equal(settings_needs_restart(&running, &settings), "relays");
}

/* A master that only the new relays have must not reach the old ones. */
static void test_reload_keeps_what_goes_together(void **state)
{
	struct settings running;

	(void)state; /* none is needed */
	assert_int_equal(LOAD("relays=[{line: 5, max_on: 4s}]", "min_switch=1s"), 0);
	running = settings;
	assert_int_equal(LOAD("relays=[{line: 5}, {line: 6}]", "master=2", "min_switch=5s",
			      "max_on=10s", "autostart=no"),
			 0);
	settings_take_reloadable(&running, &settings);
	assert_int_equal(running.relay_count, 1);
	assert_int_equal(running.master, 0);
	assert_int_equal(running.min_switch_ms, 1000);
	assert_int_equal(running.max_on_ms, 3600000);
	assert_false(running.autostart);
}

static void test_exposure(void **state)
{
	(void)state; /* none is needed */
	assert_int_equal(LOAD("listen=[control@127.0.0.1:0, 'control@[::1]:0', echo@127.8.9.1:0, "
			      "control@unix:/x]"),
			 0);
	assert_int_equal(settings_check_exposure(&settings, false, &error), 0);
	assert_int_equal(LOAD("listen=[control@127.0.0.1:0, echo@0.0.0.0:0]", "users_file=/x/u"),
			 0);
	assert_int_equal(settings_check_exposure(&settings, true, &error), 0);
	errno = 0;
	assert_int_equal(settings_check_exposure(&settings, false, &error), -1);
	assert_int_equal(errno, EINVAL);
	assert_string_equal(
		error.text,
		"listen: echo@0.0.0.0:0 is open to a network, but there is no users "
		"file /x/u; make one with sprinkled-passwd or listen on 127.0.0.1, [::1] "
		"or a Unix socket");
	assert_int_equal(LOAD("listen=happy@[2001:db8::1]:0"), 0);
	assert_int_equal(settings_check_exposure(&settings, false, &error), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_defaults_are_values),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_reload_of_position),
		cmocka_unit_test(test_reload_of_relays),
		cmocka_unit_test(test_reload_keeps_what_goes_together),
		cmocka_unit_test(test_exposure),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_example_names_all),
	};

	return cmocka_run_group_tests_name("settings table", tests, NULL, NULL);
}
