/* srv/schedule/profiles.h: what profiles.yml may say, and what is said when it may not. */

#include <errno.h>
#include <math.h>
#include "schedule_fixture.h"
#include "schedule/calendar.h"
#include "schedule/profiles_text.h"

#define FOLDER "test/unit/profiles/"

static const struct profiles_site nowhere = {.relay_count = 8, .latitude = NAN, .longitude = NAN};
static const struct profiles_site garden = {
	.relay_count = 8, .latitude = 40.7812, .longitude = -73.9665};

static struct profile_set *file_load(const char *path, const struct profiles_site *site)
{
	struct profile_set *set = malloc(sizeof(*set));
	struct profiles_error error;

	assert_non_null(set);
	if (profiles_load(path, site, set, &error) == -1)
		fail_msg("%s", error.text);
	return set;
}

/* All that a set says, as people read it. */
static char *set_text(const struct profile_set *set)
{
	char *text, part[512];
	size_t length;
	FILE *out = open_memstream(&text, &length);

	for (unsigned i = 0; i < set->count; i++) {
		const struct profile *profile = &set->profile[i];

		fprintf(out, "%s%s (%s) [%s]\n", (int)i == set->active ? "*" : "", profile->name,
			profile->about, profile_season_format(set, profile, part, sizeof(part)));
		for (unsigned j = 0; j < profile->program_count; j++) {
			const struct program *program = &set->program[profile->first_program + j];

			fprintf(out, "%u (%s) %s\n", program->relay, program->about,
				program_format(set, program, part, sizeof(part)));
		}
	}
	fclose(out);
	return text;
}

static void assert_says(const char *path, const struct profiles_site *site, const char *expected)
{
	struct profile_set *set = file_load(path, site);
	char *text = set_text(set);

	assert_string_equal(text, expected);
	free(text);
	free(set);
}

static void the_predecessors_file_is_read_unchanged(void **state)
{
	(void)state;
	assert_says(
		FOLDER "predecessor.yml", &nowhere,
		"*summer (Lawn and beds) []\n"
		"1 (Back yard) Tuesday, Saturday at 08:30 for 2m, 09:30 for 2m, 10:30 for 1m30s\n"
		"2 (Front lawn) even at 06:00 for 10m, 23:59 for 30s\n"
		"4 (Nothing for now) never\n"
		"5 () never\n"
		"8 () Monday, Wednesday, Friday at 05:00 for 7m\n"
		"winter (The valves are shut) []\n"
		"Spring () []\n");
}

static void the_extensions_are_read(void **state)
{
	(void)state;
	assert_says(FOLDER "extended.yml", &garden,
		    "*lawn and beds () [Apr 15 - Sep 30, Dec 24 - Jan 6]\n"
		    "1 () every 3 days from 2026-05-01 at 08:30 for 1m30s, 08:30:15 for 1h, "
		    "sunrise+30m for 1m30s, sunset-1h for 1m30s, sunset for 10m\n"
		    "2 () every 2 days from 2026-01-01, 2026-07-04, 2026-12-24 at 00:00 for 5m\n"
		    "3 () Sunday, odd at 23:59 for 1d\n");
}

static void the_shipped_example_is_read(void **state)
{
	struct profile_set *set = file_load("scripts/profiles.yml", &nowhere);

	(void)state;
	assert_true(set->count > 0);
	assert_true(set->active >= 0);
	free(set);
}

static void a_file_without_profiles_is_no_mistake(void **state)
{
	static const char *const empty[] = {"", "# nothing\n", "---\n", "~\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		struct profile_set *set = profiles_of(empty[i]);

		assert_int_equal(set->count, 0);
		assert_int_equal(set->active, -1);
		free(set);
	}
}

/* Each names the place, what is wrong, and what is right. */
static const struct {
	const char *file, *error;
} broken[] = {
	{"bad-day.yml", "3:28: 'Saterday' is no day; right are weekdays (Tuesday or Tue), even, "
			"odd, all, None, every N, or dates (2026-07-04)"},
	{"bad-days-without-times.yml", "2:3: relay1 has days but no times; add Times and "
				       "durations, or Days: [None]"},
	{"bad-duration.yml", "5:17: '-2' is no duration; right are minutes (2, 1.5) or units "
			     "(90s, 1h30m), 24h at most"},
	{"bad-every-without-start.yml",
	 "3:16: every 3 days has no first day; add start: 2026-01-31"},
	{"bad-hour.yml", "4:22: '2500' is no time; right are 0000 to 2359, '08:30', '08:30:15', "
			 "sunrise+30 or sunset-1h"},
	{"bad-minute.yml", "6:9: '1275' is no time; right are 0000 to 2359, '08:30', "
			   "'08:30:15', sunrise+30 or sunset-1h"},
	{"bad-no-such-relay.yml", "6:3: there is no relay9; right are relay1 to relay8"},
	{"bad-profile-twice.yml", "5:1: profile Summer is there twice; rename one"},
	{"bad-relay-twice.yml", "6:3: relay1 is there twice in profile summer; keep one"},
	{"bad-season.yml", "2:11: 'Feb 30 - Sep 30' is no season; right is from day to day: Apr "
			   "15 - Sep 30"},
	{"bad-second-document.yml",
	 "4:1: a second document stands here; right is one, without ---"},
	{"bad-sun-without-place.yml", "4:17: sunrise+30 needs a place; set latitude and "
				      "longitude in sprinkled.yml"},
	{"bad-two-active.yml", "4:11: profile summer is active too; right is one active profile"},
	{"bad-unequal-counts.yml", "5:16: 3 times but 2 durations; right is one duration per time"},
	{"bad-unknown-key.yml", "5:5: 'Duration' is not known; did you mean durations?"},
	{"bad-yaml.yml", "4:10: not valid YAML: did not find expected ',' or ']'; look at "
			 "quotes, brackets and indentation"},
};

static void a_broken_file_is_refused_with_place_and_remedy(void **state)
{
	struct profile_set *set = file_load(FOLDER "predecessor.yml", &nowhere);
	struct profile_set *before = malloc(sizeof(*before));

	(void)state;
	assert_non_null(before);
	*before = *set;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		char path[128], expected[512];
		struct profiles_error error;

		snprintf(path, sizeof(path), FOLDER "%s", broken[i].file);
		snprintf(expected, sizeof(expected), "%s:%s", path, broken[i].error);
		assert_int_equal(profiles_load(path, &nowhere, set, &error), -1);
		assert_int_equal(errno, EINVAL);
		assert_string_equal(error.text, expected);
		assert_memory_equal(set, before, sizeof(*set));
	}
	free(before);
	free(set);
}

/* What stands for "relay1: {%s}" or a whole file, and the error's beginning without the file. */
static const struct {
	const char *text, *error;
} wrong[] = {
	{"- summer\n", "1:1: no profiles stand here"},
	{"summer: 5\n", "1:9: profile summer is no map"},
	{"'': {}\n", "1:1: a profile's name has 1 to 63 bytes"},
	{"[a]: {}\n", "1:1: a list stands for a profile's name"},
	{"p: {active: maybe}\n", "1:13: 'maybe' is neither True nor False"},
	{"p: {active: [True]}\n", "1:13: a list stands for active"},
	{"p: {about: \"two\\nlines\"}\n", "1:12: about holds a line break"},
	{"p: {about: one, About: two}\n", "1:17: About is there twice"},
	{"p: {relay0: {}}\n", "1:5: there is no relay0; right are relay1 to relay8"},
	{"p: {rely1: {}}\n", "1:5: 'rely1' is not known; did you mean relay1?"},
	{"p: {relay99999999999: {}}\n", "1:5: there is no relay99999999999"},
	{"p: {zone: {}}\n", "1:5: 'zone' is not known; "},
	{"p: {relay1: [all]}\n", "1:13: relay1 is no map"},
	{"p: {relay1: {days: {a: b}}}\n", "1:20: a map stands for days"},
	{"p: {relay1: {days: [[all]]}}\n", "1:21: a list stands for a day"},
	{"p: {relay1: {days: every 0, start: 2026-01-01, times: 800, durations: 1}}\n",
	 "1:20: 'every 0' is no day"},
	{"p: {relay1: {days: [every 2, every 3], start: 2026-01-01}}\n",
	 "1:30: every is there twice"},
	{"p: {relay1: {days: all, start: 2026-01-01, times: 800, durations: 1}}\n",
	 "1:32: start has no use without every"},
	{"p: {relay1: {days: every 2, start: 2026-02-30}}\n", "1:36: '2026-02-30' is no date"},
	{"p: {relay1: {days: 2026-02-29}}\n", "1:20: '2026-02-29' is no day"},
	{"p: {relay1: {times: 800, durations: 1}}\n", "1:5: relay1 has times but no days"},
	{"p: {relay1: {days: all, times: 800}}\n", "1:5: 1 times but 0 durations"},
	{"p: {relay1: {days: all, times: 30, durations: 1}}\n", "1:32: '30' is no time"},
	{"p: {relay1: {days: all, times: '24:00', durations: 1}}\n", "1:32: '24:00' is no time"},
	{"p: {relay1: {days: all, times: '8:3', durations: 1}}\n", "1:32: '8:3' is no time"},
	{"p: {relay1: {days: all, times: ' 830', durations: 1}}\n", "1:32: ' 830' is no time"},
	{"p: {relay1: {days: all, times: sunrise+13h, durations: 1}}\n",
	 "1:32: 'sunrise+13h' is no time"},
	{"p: {relay1: {days: all, times: 800, durations: 25h}}\n", "1:48: '25h' is no duration"},
	{"p: {relay1: {days: all, times: 800, durations: ''}}\n", "1:48: '' is no duration"},
	{"p: {season: Sep}\n", "1:13: 'Sep' is no season"},
	{"p: {season: Sep 1 - Sep 31}\n", "1:13: 'Sep 1 - Sep 31' is no season"},
	{"\xff\xfe\xff", "1:1: not valid YAML: "},
	{"a: &x {about: *x}\n", "1:4: a map stands for about"},
	{"p: {\n", "2:1: not valid YAML: "},
};

static void every_mistake_is_told(void **state)
{
	struct profile_set *set = malloc(sizeof(*set));

	(void)state;
	assert_non_null(set);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct profiles_error error = {""};
		const char *text = wrong[i].text;

		if (profiles_parse("f", text, strlen(text), &garden, set, &error) == 0)
			fail_msg("taken for right: %s", text);
		if (strncmp(error.text, "f:", 2) != 0 ||
		    strncmp(error.text + 2, wrong[i].error, strlen(wrong[i].error)) != 0)
			fail_msg("%s'%s', but right is '%s'", text, error.text, wrong[i].error);
		assert_null(strchr(error.text, '\n'));
	}
	free(set);
}

/* One more than fits of each; the text is head, then middle that often, then tail. */
static const struct {
	const char *head, *middle, *tail, *error;
	int times;
} many[] = {
	{"", "p%d: {}\n", "", "too many profiles; right are 64 at most", 65},
	{"p:\n  season: [", "Apr 1 - Apr 2, ", "]\n", "too many seasons; right are 256 at most",
	 257},
	{"p:\n  relay1:\n    days: [", "2026-01-01, ", "]\n",
	 "too many dates; right are 4096 at most", 4097},
};

static void limits_are_told(void **state)
{
	struct profile_set *set = malloc(sizeof(*set));

	(void)state;
	assert_non_null(set);
	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
		struct profiles_error error;
		char *text;
		size_t length;
		FILE *out = open_memstream(&text, &length);

		fprintf(out, "%s", many[i].head);
		for (int j = 0; j < many[i].times; j++) {
			if (strchr(many[i].middle, '%'))
				fprintf(out, "p%d: {}\n", j);
			else
				fprintf(out, "%s", many[i].middle);
		}
		fprintf(out, "%s", many[i].tail);
		fclose(out);
		assert_int_equal(profiles_parse("f", text, length, &garden, set, &error), -1);
		assert_non_null(strstr(error.text, many[i].error));
		free(text);
	}
	free(set);
}

/* times lines of relay1, each with starts times. */
static int starts_parse(int profiles, int starts, struct profile_set *set,
			struct profiles_error *error)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	for (int i = 0; i < profiles; i++) {
		fprintf(out, "p%d:\n  relay1:\n    days: all\n    times: [", i);
		for (int j = 0; j < starts; j++)
			fprintf(out, "800,");
		fprintf(out, "]\n    durations: [");
		for (int j = 0; j < starts; j++)
			fprintf(out, "1,");
		fprintf(out, "]\n");
	}
	fclose(out);
	int result = profiles_parse("f", text, length, &garden, set, error);

	free(text);
	return result;
}

static void as_many_times_as_fit_are_read(void **state)
{
	struct profile_set *set = malloc(sizeof(*set));
	struct profiles_error error;

	(void)state;
	assert_non_null(set);
	assert_int_equal(starts_parse(16, 1024, set, &error), 0);
	assert_int_equal(set->start_count, STARTS_MAX);
	assert_int_equal(starts_parse(17, 1024, set, &error), -1);
	assert_non_null(strstr(error.text, "too many times; right are 16384 at most"));
	free(set);
}

static void a_file_that_is_not_there_is_told_by_the_system(void **state)
{
	struct profile_set *set = malloc(sizeof(*set));
	struct profiles_error error;

	(void)state;
	assert_non_null(set);
	assert_int_equal(profiles_load(FOLDER "none.yml", &garden, set, &error), -1);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(error.text, FOLDER "none.yml: No such file or directory");
	free(set);
}

static void profiles_and_programs_are_found(void **state)
{
	struct profile_set *set = file_load(FOLDER "predecessor.yml", &nowhere);

	(void)state;
	assert_int_equal(profile_find(set, "WINTER"), 1);
	assert_int_equal(profile_find(set, "autumn"), -1);
	assert_int_equal(profile_program(set, 0, 4)->relay, 4);
	assert_null(profile_program(set, 0, 3));
	assert_null(profile_program(set, 2, 1));
	free(set);
}

static void a_small_text_is_cut(void **state)
{
	struct profile_set *set = file_load(FOLDER "predecessor.yml", &nowhere);
	char text[12];

	(void)state;
	assert_string_equal(program_format(set, &set->program[0], text, sizeof(text)),
			    "Tuesday, Sa");
	free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_predecessors_file_is_read_unchanged),
		cmocka_unit_test(the_extensions_are_read),
		cmocka_unit_test(the_shipped_example_is_read),
		cmocka_unit_test(a_file_without_profiles_is_no_mistake),
		cmocka_unit_test(a_broken_file_is_refused_with_place_and_remedy),
		cmocka_unit_test(every_mistake_is_told),
		cmocka_unit_test(limits_are_told),
		cmocka_unit_test(as_many_times_as_fit_are_read),
		cmocka_unit_test(a_file_that_is_not_there_is_told_by_the_system),
		cmocka_unit_test(profiles_and_programs_are_found),
		cmocka_unit_test(a_small_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
