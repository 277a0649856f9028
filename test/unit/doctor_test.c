/*
 * What sprinkled -D says where there is no chip, and what it reads out of a config.txt. A real chip
 * is looked at on the emulated Pi, test/pi.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "bank.h"
#include "keeper/boot_levels.h"
#include "keeper/doctor.h"

#define LINE(n) (UINT64_C(1) << (n))

/* A config.txt, and the lines it drives high and low. */
struct boot_case {
	const char *config;
	uint64_t high, low;
};

static const struct boot_case boot_cases[] = {
	{"", 0, 0},
	{"gpio=5,6,13=op,dh\n", LINE(5) | LINE(6) | LINE(13), 0},
	{"gpio=5=op,dl", 0, LINE(5)},
	{"gpio=4-6,20=op,dh\n", LINE(4) | LINE(5) | LINE(6) | LINE(20), 0},
	{"gpio=26-40=op,dh\n", LINE(26) | LINE(27), 0},
	{"gpio=5-7=op,dh\ngpio=6=op,dl\n", LINE(5) | LINE(7), LINE(6)},
	{"gpio=5=op,dh\ngpio=5=ip,pd\n", 0, 0},
	{"gpio=5=dh,op\r\n", LINE(5), 0},
	{"gpio=5=op\n", 0, 0},
	{"gpio=5=dh\n", 0, 0},
	{"gpio=5=ip,pu\n", 0, 0},
	{"gpio=5=stop,dhx\n", 0, 0},
	{"#gpio=5=op,dh\n", 0, 0},
	{"dtparam=gpio=5=op,dh\n", 0, 0},
	{"gpio=5\n", 0, 0},
	{"[pi4]\narm_64bit=1\n\ngpio=8=op,dh\n", LINE(8), 0},
};

static void config_txt_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(boot_cases) / sizeof(*boot_cases); i++) {
		const struct boot_case *boot = &boot_cases[i];
		size_t length = strlen(boot->config);
		FILE *file = length ? fmemopen((char *)(uintptr_t)boot->config, length, "r")
				    : fopen("/dev/null", "re");
		uint64_t high = 1, low = 1;

		assert_non_null(file);
		boot_config_read(file, &high, &low);
		assert_int_equal(fclose(file), 0);
		if (high != boot->high || low != boot->low)
			fail_msg("<%s>: high %#jx, low %#jx", boot->config, (uintmax_t)high,
				 (uintmax_t)low);
	}
}

static void pulls_change_between_8_and_9(void **state)
{
	(void)state;
	assert_true(boot_line_is_pulled_up(0));
	assert_true(boot_line_is_pulled_up(8));
	assert_false(boot_line_is_pulled_up(9));
	assert_false(boot_line_is_pulled_up(27));
}

/* The report for a value of the setting gpio, and whether there is something to mend. */
static char *report_for(const char *gpio, int *mend)
{
	static struct settings settings;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	settings_defaults(&settings);
	(void)snprintf(settings.gpio, sizeof(settings.gpio), "%s", gpio); /* short */
	*mend = doctor_report(&settings, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void a_simulation_is_named(void **state)
{
	int mend;
	char *text = report_for("sim", &mend);

	(void)state;
	assert_non_null(strstr(text, bank_library()));
	assert_non_null(strstr(text, "the relays are simulated"));
	assert_int_equal(mend, strstr(text, "  MEND  ") != NULL);
	free(text);
}

static void a_chip_that_is_missing_is_to_be_mended(void **state)
{
	int mend;
	char *text = report_for("no-such-chip", &mend);

	(void)state;
	assert_int_equal(mend, 1);
	assert_non_null(strstr(text, "  MEND  no GPIO chip has the label or name no-such-chip"));
	assert_non_null(strstr(text, "There is something to mend."));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_txt_is_read),
		cmocka_unit_test(pulls_change_between_8_and_9),
		cmocka_unit_test(a_simulation_is_named),
		cmocka_unit_test(a_chip_that_is_missing_is_to_be_mended),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
