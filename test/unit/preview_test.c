/* srv/keeper/preview.h: what sprinkled -P prints. */

#include <stdbool.h>
#include "schedule_fixture.h"
#include "temp_folder.h"
#include "keeper/preview.h"

static const char *const spec_profile = "summer:\n"
					"  about: Lawn and beds\n"
					"  active: True\n"
					"  relay1:\n"
					"    About:     Back yard\n"
					"    Days:      ['Tuesday','Saturday']\n"
					"    Times:     [830,930,1030]\n"
					"    durations: [2,2,1.5]\n";

#define ALL(name, ...) name ":\n  active: True\n" __VA_ARGS__
#define RELAY(number, times, durations) \
	"  relay" number ": {days: all, times: [" times "], durations: [" durations "]}\n"

static struct settings settings;

static int begin(void **state)
{
	settings_defaults(&settings);
	settings.supply_va = 0;
	return folder_make(state);
}

static char *file_of(const char *text)
{
	FILE *out = fopen(path_of("profiles.yml"), "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	return path_of("profiles.yml");
}

static void assert_prints(const char *profiles, const char *profile, const char *span,
			  const char *expected)
{
	char *text, error[1200] = "";
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (preview_print(&settings, span, file_of(profiles), profile, out, error, sizeof(error)) ==
	    -1)
		fail_msg("%s", error);
	fclose(out);
	if (strcmp(text, expected) != 0)
		fail_msg("printed\n%sbut right is\n%s", text, expected);
	free(text);
}

static void assert_refuses(const char *profiles, const char *profile, const char *span,
			   const char *expected)
{
	char error[1200] = "";

	assert_int_equal(preview_print(&settings, span, file_of(profiles), profile, stderr, error,
				       sizeof(error)),
			 -1);
	if (!strstr(error, expected))
		fail_msg("'%s', but right is '%s'", error, expected);
}

static void every_switching_is_a_line(void **state)
{
	(void)state;
	zone_use("America/Los_Angeles");
	assert_prints(spec_profile, NULL, "2026-11-24/2026-11-25",
		      "2026-11-24T08:30:00-08:00 relay=1 on planned=120 profile=summer\n"
		      "2026-11-24T08:32:00-08:00 relay=1 off\n"
		      "2026-11-24T09:30:00-08:00 relay=1 on planned=120 profile=summer\n"
		      "2026-11-24T09:32:00-08:00 relay=1 off\n"
		      "2026-11-24T10:30:00-08:00 relay=1 on planned=90 profile=summer\n"
		      "2026-11-24T10:31:30-08:00 relay=1 off\n");
	assert_prints(spec_profile, NULL, "2026-11-24T08:31:00-08:00/2026-11-24T09:30:00-08:00",
		      "2026-11-24T08:31:00-08:00 relay=1 on planned=60 profile=summer\n"
		      "2026-11-24T08:32:00-08:00 relay=1 off\n");
	assert_prints(spec_profile, NULL, "2026-11-25/2026-11-28", "");
	assert_prints(spec_profile, NULL, "2026-11-24/2026-11-24", "");
}

static void windows_that_join_are_planned_as_one(void **state)
{
	(void)state;
	zone_use("Europe/Berlin");
	assert_prints(ALL("p", RELAY("2", "2350, 2355, 0000", "5, 10, 15")), NULL,
		      "2026-06-01T12:00:00Z/2026-06-02T12:00:00Z",
		      "2026-06-01T23:50:00+02:00 relay=2 on planned=1500 profile=p\n"
		      "2026-06-02T00:15:00+02:00 relay=2 off\n");
}

/* The examples of profiles.yml(5). */
static void clock_changes_are_as_the_manual_says(void **state)
{
	const char *night = ALL("night", RELAY("1", "150,230,330", "20,5,5"));

	(void)state;
	zone_use("America/New_York");
	assert_prints(night, NULL, "2026-03-08/2026-03-09",
		      "2026-03-08T01:50:00-05:00 relay=1 on planned=1200 profile=night\n"
		      "2026-03-08T03:10:00-04:00 relay=1 off\n"
		      "2026-03-08T03:30:00-04:00 relay=1 on planned=300 profile=night\n"
		      "2026-03-08T03:35:00-04:00 relay=1 off\n");
	assert_prints(night, NULL, "2026-11-01/2026-11-02",
		      "2026-11-01T01:50:00-04:00 relay=1 on planned=1200 profile=night\n"
		      "2026-11-01T01:10:00-05:00 relay=1 off\n"
		      "2026-11-01T02:30:00-05:00 relay=1 on planned=300 profile=night\n"
		      "2026-11-01T02:35:00-05:00 relay=1 off\n"
		      "2026-11-01T03:30:00-05:00 relay=1 on planned=300 profile=night\n"
		      "2026-11-01T03:35:00-05:00 relay=1 off\n");
}

/* Two pull in at once within 39.8 VA; the others wait their turn and run as long. */
static void the_power_budget_delays_and_keeps_lengths(void **state)
{
	(void)state;
	zone_use("Asia/Kolkata");
	settings.supply_va = 39.8;
	assert_prints(
		ALL("p", RELAY("3", "800", "1") RELAY("1", "800", "1") RELAY("2", "800", "1")),
		NULL, "2026-06-01/2026-06-02",
		"2026-06-01T08:00:00+05:30 relay=1 on planned=60 profile=p\n"
		"2026-06-01T08:00:00+05:30 relay=2 on planned=60 profile=p\n"
		"2026-06-01T08:00:01+05:30 relay=3 on planned=60 profile=p\n"
		"2026-06-01T08:01:00+05:30 relay=1 off\n"
		"2026-06-01T08:01:00+05:30 relay=2 off\n"
		"2026-06-01T08:01:01+05:30 relay=3 off\n");
}

/* Relay 2 of the group is delayed into relay 2's next window: both lengths are watered. */
static void a_delayed_run_is_joined_whole_by_the_next(void **state)
{
	(void)state;
	zone_use("Asia/Kolkata");
	strcpy(settings.relay[0].group, "lawn");
	strcpy(settings.relay[1].group, "lawn");
	assert_prints(ALL("p", RELAY("1", "800", "10") RELAY("2", "800, 815", "10, 10")), NULL,
		      "2026-06-01/2026-06-02",
		      "2026-06-01T08:00:00+05:30 relay=1 on planned=600 profile=p\n"
		      "2026-06-01T08:10:00+05:30 relay=1 off\n"
		      "2026-06-01T08:10:00+05:30 relay=2 on planned=600 profile=p\n"
		      "2026-06-01T08:30:00+05:30 relay=2 off\n");
}

static void max_on_cuts_a_run(void **state)
{
	(void)state;
	zone_use("Asia/Kolkata");
	assert_prints(ALL("p", RELAY("1", "800, 930", "90, 10")), NULL, "2026-06-01/2026-06-02",
		      "2026-06-01T08:00:00+05:30 relay=1 on planned=6000 profile=p\n"
		      "2026-06-01T09:00:00+05:30 relay=1 off\n");
}

static void the_master_valve_leads_and_lags(void **state)
{
	(void)state;
	zone_use("Asia/Kolkata");
	settings.master = 8;
	settings.master_lead_ms = 2000;
	settings.master_lag_ms = 5000;
	char *text, error[1200];
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_int_equal(preview_print(&settings, "2026-06-01/2026-06-02",
				       file_of(ALL("p", RELAY("1", "800", "1"))), NULL, out, error,
				       sizeof(error)),
			 0);
	fclose(out);
	/* Its planned length is the interlock's guess: only the moments are exact. */
	assert_true(strncmp(text, "2026-06-01T08:00:00+05:30 relay=8 on planned=", 45) == 0);
	assert_string_equal(strchr(text, '\n') + 1,
			    "2026-06-01T08:00:02+05:30 relay=1 on planned=60 profile=p\n"
			    "2026-06-01T08:01:02+05:30 relay=1 off\n"
			    "2026-06-01T08:01:07+05:30 relay=8 off\n");
	free(text);
}

static void another_profile_can_be_named(void **state)
{
	const char *two = "summer:\n  active: True\n"
			  "dry spell:\n" RELAY("2", "800", "1");

	(void)state;
	zone_use("Asia/Kolkata");
	assert_prints(two, "Dry Spell", "2026-06-01/2026-06-02",
		      "2026-06-01T08:00:00+05:30 relay=2 on planned=60 profile=\"dry spell\"\n"
		      "2026-06-01T08:01:00+05:30 relay=2 off\n");
	assert_prints(two, NULL, "2026-06-01/2026-06-02", "");
	assert_prints("a:\n" RELAY("2", "800", "1"), NULL, "2026-06-01/2026-06-02", "");
	assert_refuses(two, "monsoon", "2026-06-01/2026-06-02", "there is no profile monsoon");
}

static void what_is_wrong_is_told(void **state)
{
	(void)state;
	assert_refuses(spec_profile, NULL, "2026-06-01", "'2026-06-01' is no span");
	assert_refuses(spec_profile, NULL, "2026-06-02/2026-06-01", "is no span");
	assert_refuses(spec_profile, NULL, "2026-06-02/", "is no span");
	assert_refuses(spec_profile, NULL, "", "is no span");
	assert_refuses("p: {realy1: {}}\n", NULL, "2026-06-01/2026-06-02",
		       "profiles.yml:1:5: 'realy1' is not known");
}

/* Eight relays, three times a day each: 17,520 switchings a year. */
static void a_year_is_printed_in_order(void **state)
{
	static char line[256], before[256];
	char *text, error[1200], *rest;
	size_t length, profile_length, count = 0;
	FILE *out = open_memstream(&text, &profile_length);

	(void)state;
	zone_use("America/New_York");
	fprintf(out, "p:\n  active: True\n");
	for (int i = 1; i <= 8; i++)
		fprintf(out, RELAY("%d", "60%d, 70%d, 180%d", "9, 9, 9"), i, i, i, i);
	fclose(out);
	char *path = file_of(text);

	free(text);
	out = open_memstream(&text, &length);
	assert_int_equal(preview_print(&settings, "2026-01-01/2027-01-01", path, NULL, out, error,
				       sizeof(error)),
			 0);
	fclose(out);
	for (rest = text; sscanf(rest, "%255[^\n]\n", line) == 1; rest = strchr(rest, '\n') + 1) {
		/* In November the hour that comes twice holds no start: text sorts as time does. */
		assert_true(strncmp(before, line, 33) < 0);
		strcpy(before, line);
		count++;
	}
	assert_int_equal(count, 8 * 3 * 365 * 2);
	free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, folder_remove)
	const struct CMUnitTest tests[] = {
		TEST(every_switching_is_a_line),
		TEST(windows_that_join_are_planned_as_one),
		TEST(clock_changes_are_as_the_manual_says),
		TEST(the_power_budget_delays_and_keeps_lengths),
		TEST(a_delayed_run_is_joined_whole_by_the_next),
		TEST(max_on_cuts_a_run),
		TEST(the_master_valve_leads_and_lags),
		TEST(another_profile_can_be_named),
		TEST(what_is_wrong_is_told),
		TEST(a_year_is_printed_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
