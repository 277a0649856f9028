/*
 * The bank with simulated relays, its faults and witnesses, and how a real chip that can't be had
 * is refused. Real lines are tried by the emulated Pi, test/pi.
 */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "bank.h"
#include "temp_folder.h"

#define RELAYS 8

static struct bank_config config_of(const char *chip, const char *sim_fault)
{
	return (struct bank_config){
		.chip = chip,
		.consumer = "sprinkled",
		.active_low = true,
		.count = RELAYS,
		.lines = {"5", "6", "13", "16", "19", "20", "21", "26"},
		.sim_fault = sim_fault,
	};
}

static struct bank *sim_with(const char *sim_fault)
{
	struct bank_config config = config_of("sim", sim_fault);
	char error[BANK_ERROR_SIZE] = "";
	struct bank *bank = bank_open(&config, error);

	if (!bank)
		fail_msg("%s: %s", sim_fault, error);
	return bank;
}

static void assert_pins(struct bank *bank, uint64_t expected)
{
	uint64_t closed = ~expected;

	assert_int_equal(bank_read(bank, &closed), 0);
	assert_int_equal(closed, expected);
}

static void assert_fails(int result, int number)
{
	int seen = errno;

	assert_int_equal(result, -1);
	assert_int_equal(seen, number);
}

static void sim_starts_open_and_follows(void **state)
{
	struct bank *bank = sim_with(NULL);

	(void)state;
	assert_string_equal(bank_describe(bank), "simulated");
	assert_pins(bank, 0);
	assert_int_equal(bank_drive(bank, 0x81), 0);
	assert_pins(bank, 0x81);
	assert_int_equal(bank_drive(bank, 0), 0);
	assert_pins(bank, 0);
	bank_close(bank);
}

static void sim_line_sticks(void **state)
{
	struct bank *bank = sim_with("stuck=3:closed, stuck=1:open");

	(void)state;
	assert_pins(bank, 0x04);
	assert_int_equal(bank_drive(bank, 0x03), 0);
	assert_pins(bank, 0x06);
	assert_int_equal(bank_drive(bank, 0), 0);
	assert_pins(bank, 0x04);
	bank_close(bank);
}

static void sim_operations_fail(void **state)
{
	struct bank *bank = sim_with("drive=EIO read=ENXIO");
	uint64_t closed;

	(void)state;
	assert_fails(bank_drive(bank, 1), EIO);
	assert_fails(bank_read(bank, &closed), ENXIO);
	bank_close(bank);
}

static void sim_faults_begin_and_end(void **state)
{
	struct bank *bank = sim_with("drive=EIO stuck=8:closed after=2 times=2");

	(void)state;
	assert_int_equal(bank_drive(bank, 1), 0);
	assert_pins(bank, 1);
	assert_fails(bank_drive(bank, 2), EIO);
	assert_pins(bank, 0x81);
	assert_int_equal(bank_drive(bank, 2), 0);
	assert_pins(bank, 2);
	bank_close(bank);
}

static void sim_chip_vanishes_for_good(void **state)
{
	struct bank *bank = sim_with("vanish after=1 times=1");
	uint64_t closed;

	(void)state;
	assert_int_equal(bank_drive(bank, 1), 0);
	assert_fails(bank_drive(bank, 0), ENODEV);
	assert_fails(bank_read(bank, &closed), ENODEV);
	assert_fails(bank_drive(bank, 0), ENODEV);
	bank_close(bank);
}

static void fault_write(const char *words)
{
	file_write("faults", words, strlen(words));
}

static void sim_faults_come_from_a_file(void **state)
{
	char setting[128];
	struct bank *bank;

	(void)state;
	(void)snprintf(setting, sizeof(setting), "file=%s", path_of("faults"));
	bank = sim_with(setting);
	assert_int_equal(bank_drive(bank, 1), 0);
	fault_write("drive=EIO\nstuck=2:closed\n");
	assert_fails(bank_drive(bank, 0), EIO);
	assert_pins(bank, 3);
	assert_int_equal(unlink(path_of("faults")), 0);
	assert_int_equal(bank_drive(bank, 0), 0);
	assert_pins(bank, 0);
	fault_write("pins=/nowhere");
	assert_fails(bank_drive(bank, 1), EINVAL);
	bank_close(bank);
}

static void sim_pins_outlive_the_bank(void **state)
{
	char setting[128];
	struct bank *bank;

	(void)state;
	(void)snprintf(setting, sizeof(setting), "pins=%s", path_of("pins"));
	bank = sim_with(setting);
	assert_string_equal(text_of("pins"), "00000000\n");
	assert_int_equal(bank_drive(bank, 0x82), 0);
	assert_string_equal(text_of("pins"), "01000001\n");
	bank_close(bank);
	assert_string_equal(text_of("pins"), "01000001\n");
	bank = sim_with(setting);
	assert_string_equal(text_of("pins"), "00000000\n");
	bank_close(bank);
}

static void sim_pins_have_one_owner(void **state)
{
	char setting[128], error[BANK_ERROR_SIZE];
	struct bank_config config;
	struct bank *bank, *second;

	(void)state;
	(void)snprintf(setting, sizeof(setting), "pins=%s", path_of("owned"));
	bank = sim_with(setting);
	assert_int_equal(bank_drive(bank, 1), 0);
	config = config_of("sim", setting);
	second = bank_open(&config, error);
	assert_int_equal(errno, EBUSY);
	assert_null(second);
	assert_non_null(strstr(error, "in use by another program"));
	assert_string_equal(text_of("owned"), "10000000\n");
	bank_close(bank);
	bank_close(sim_with(setting));
}

static void sim_trace_shows_each_change_once(void **state)
{
	char setting[128], pins[3][16];
	double seconds[3];
	struct bank *bank;

	(void)state;
	(void)snprintf(setting, sizeof(setting), "trace=%s", path_of("trace"));
	bank = sim_with(setting);
	assert_int_equal(bank_drive(bank, 1), 0);
	assert_int_equal(bank_drive(bank, 1), 0);
	assert_int_equal(bank_drive(bank, 3), 0);
	bank_close(bank);
	assert_int_equal(sscanf(text_of("trace"), "%lf %15s\n%lf %15s\n%lf %15s", &seconds[0],
				pins[0], &seconds[1], pins[1], &seconds[2], pins[2]),
			 6);
	assert_string_equal(pins[0], "00000000");
	assert_string_equal(pins[1], "10000000");
	assert_string_equal(pins[2], "11000000");
	assert_true(seconds[0] <= seconds[1] && seconds[1] <= seconds[2]);
	assert_true(seconds[0] > 1e9);
}

/* A configuration that is refused, with errno and a part of the sentence. */
struct refusal {
	const char *chip, *sim_fault, *line; /* line: of relay 2, NULL the usual one */
	int number;
	const char *says;
};

static const struct refusal refusals[] = {
	{"sim", "stuck=9:open", NULL, EINVAL, "stuck=RELAY:open"},
	{"sim", "stuck=0:open", NULL, EINVAL, "relays 1 to 8"},
	{"sim", "stuck=3", NULL, EINVAL, "stuck=3 should be"},
	{"sim", "stuck=3:ajar", NULL, EINVAL, "stuck=3:ajar"},
	{"sim", "drive=EWHAT", NULL, EINVAL, "drive=EIO"},
	{"sim", "drive=", NULL, EINVAL, "drive=EIO"},
	{"sim", "after=-1", NULL, EINVAL, "after=OPERATIONS"},
	{"sim", "after=", NULL, EINVAL, "after=OPERATIONS"},
	{"sim", "times=2x", NULL, EINVAL, "times=OPERATIONS"},
	{"sim", "pins=relative", NULL, EINVAL, "pins=/PATH"},
	{"sim", "vanished", NULL, EINVAL, "no word vanished"},
	{"sim", "drive=EIO sprinkle", NULL, EINVAL, "no word sprinkle"},
	{"sim", "pins=/nowhere/at/all", NULL, ENOENT, "/nowhere/at/all"},
	{"sim", "open=EBUSY", NULL, EBUSY, "simulated fault"},
	{"sim", "vanish", NULL, ENODEV, "simulated fault"},
	{"auto", "drive=EIO", NULL, EINVAL, "gpio: sim only"},
	{"/etc/passwd", NULL, NULL, ENOTTY, "/etc/passwd"},
	{"/nowhere", NULL, NULL, ENOENT, "/nowhere"},
	{"no-such-chip", NULL, NULL, ENODEV, "no-such-chip"},
};

static void what_cannot_be_had_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const struct refusal *refusal = &refusals[i];
		struct bank_config config = config_of(refusal->chip, refusal->sim_fault);
		char error[BANK_ERROR_SIZE] = "";

		errno = 0;
		if (bank_open(&config, error))
			fail_msg("%s %s was opened", refusal->chip, refusal->sim_fault);
		if (errno != refusal->number || !strstr(error, refusal->says))
			fail_msg("%s %s: errno %d, \"%s\"", refusal->chip, refusal->sim_fault,
				 errno, error);
	}
}

static void a_bank_has_1_to_64_relays(void **state)
{
	struct bank_config config = config_of("sim", NULL);
	char error[BANK_ERROR_SIZE];
	struct bank *bank;

	(void)state;
	config.count = 0;
	assert_null(bank_open(&config, error));
	assert_int_equal(errno, EINVAL);
	config.count = BANK_LINES_MAX + 1;
	assert_null(bank_open(&config, error));
	assert_int_equal(errno, EINVAL);
	config.count = BANK_LINES_MAX;
	bank = bank_open(&config, error);
	assert_non_null(bank);
	assert_int_equal(bank_drive(bank, UINT64_MAX), 0);
	assert_pins(bank, UINT64_MAX);
	bank_close(bank);
	bank_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sim_starts_open_and_follows),
		cmocka_unit_test(sim_line_sticks),
		cmocka_unit_test(sim_operations_fail),
		cmocka_unit_test(sim_faults_begin_and_end),
		cmocka_unit_test(sim_chip_vanishes_for_good),
		cmocka_unit_test(sim_faults_come_from_a_file),
		cmocka_unit_test(sim_pins_outlive_the_bank),
		cmocka_unit_test(sim_pins_have_one_owner),
		cmocka_unit_test(sim_trace_shows_each_change_once),
		cmocka_unit_test(what_cannot_be_had_is_refused),
		cmocka_unit_test(a_bank_has_1_to_64_relays),
	};

	return cmocka_run_group_tests_name("bank", tests, folder_make, folder_remove);
}
