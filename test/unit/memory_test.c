/* srv/keeper/memory.h: the schedule's state outlives the keeper, and damage does no harm. */

#include <errno.h>
#include <stdbool.h>
#include "schedule_fixture.h"
#include "temp_folder.h"
#include "keeper/memory.h"
#include "keeper/memory_lines.h"

/* A state with something in every field. */
static struct runner_state *full_state(void)
{
	struct runner_state *full = calloc(1, sizeof(*full));

	assert_non_null(full);
	runner_state_init(full);
	strcpy(full->active, "lawn and \"beds\"");
	strcpy(full->file_active, "summer");
	full->running = true;
	full->paused = true;
	full->pause_until_s = 1800000000;
	full->rain_until_s = 1800000001;
	full->level_percent = 130;
	full->skips = UINT64_C(0x8000000000000005);
	full->relay[0] = (struct runner_relay){.started_s = 1799999000,
					       .end_s = 1799999600,
					       .until_s = 1799999700,
					       .planned_s = 600,
					       .manual_from_s = 1799999100,
					       .manual_until_s = 1799999700};
	full->relay[63].started_s = full->relay[63].end_s = full->relay[63].until_s = 1799999001;
	full->ran.horizon_civil_s = 1700000000;
	for (uint32_t i = 0; i < LEDGER_MAX; i++)
		ledger_add(&full->ran, &(struct ledger_entry){.profile_key = UINT32_MAX - i,
							      .relay = 1 + i % RELAYS_MAX,
							      .first_civil_s = 1700000001 + i,
							      .last_civil_s = 1700000001 + 2 * i});
	return full;
}

static int state_save(const char *state_dir, const struct runner_state *state)
{
	size_t length;
	char *text = memory_text(state, &length);

	assert_non_null(text);
	int result = memory_save(state_dir, text, length);
	free(text); /* errno stays */
	return result;
}

static void what_is_saved_is_loaded(void **state)
{
	struct runner_state *saved = full_state(), *loaded = malloc(sizeof(*loaded));
	char message[512];
	struct stat status;

	(void)state;
	assert_non_null(loaded);
	memset(loaded, 0xa5, sizeof(*loaded));
	assert_int_equal(state_save(folder, saved), 0);
	assert_int_equal(memory_load(folder, loaded, message, sizeof(message)), 0);
	assert_memory_equal(loaded, saved, sizeof(*saved));
	assert_int_equal(stat(path_of("schedule.state"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(access(path_of("schedule.state.new"), F_OK), -1);
	free(saved);
	free(loaded);
}

static void nothing_is_saved_and_loaded(void **state)
{
	struct runner_state saved, loaded;
	char message[512];

	(void)state;
	runner_state_init(&saved);
	assert_int_equal(state_save(folder, &saved), 0);
	assert_int_equal(memory_load(folder, &loaded, message, sizeof(message)), 0);
	assert_memory_equal(&loaded, &saved, sizeof(saved));
}

static void a_manual_closing_is_over_with_its_keeper(void **state)
{
	struct runner_state saved, loaded;
	char message[512];

	(void)state;
	runner_state_init(&saved);
	saved.relay[2].manual_closed = true;
	saved.relay[2].manual_from_s = 1800000000;
	saved.relay[2].manual_until_s = 1800003600;
	assert_int_equal(state_save(folder, &saved), 0);
	assert_int_equal(memory_load(folder, &loaded, message, sizeof(message)), 0);
	assert_int_equal(loaded.relay[2].manual_until_s, 0);
}

static void no_file_is_no_damage(void **state)
{
	struct runner_state loaded, empty;
	char message[512];

	(void)state;
	runner_state_init(&empty);
	assert_int_equal(memory_load(folder, &loaded, message, sizeof(message)), 1);
	assert_memory_equal(&loaded, &empty, sizeof(empty));
}

/* Of a small state: damage can be done to every byte of it in turn. */
static char *small_text(size_t *length)
{
	struct runner_state *small = calloc(1, sizeof(*small));

	assert_non_null(small);
	runner_state_init(small);
	strcpy(small->active, "summer");
	small->relay[0].started_s = small->relay[0].end_s = small->relay[0].until_s = 1800000000;
	ledger_add(&small->ran, &(struct ledger_entry){.profile_key = 1,
						       .relay = 1,
						       .first_civil_s = 1800000000,
						       .last_civil_s = 1800000000});
	char *text = memory_text(small, length);

	free(small);
	assert_non_null(text);
	return text;
}

static void a_cut_file_is_damaged_wherever_it_is_cut(void **state)
{
	size_t length;
	char *text = small_text(&length);
	struct runner_state *loaded = malloc(sizeof(*loaded));

	(void)state;
	assert_non_null(loaded);
	for (size_t cut = 0; cut <= length; cut++) {
		char *part = strndup(text, cut);
		unsigned line = memory_parse(part, cut, loaded);

		if (cut < length)
			assert_true(line > 0);
		else
			assert_int_equal(line, 0);
		free(part);
	}
	free(loaded);
	free(text);
}

static const struct {
	const char *line, *instead;
	unsigned place; /* the line that is told */
} damages[] = {
	{"sprinkled-schedule 1", "sprinkled-schedule 2", 1},
	{"sprinkled-schedule 1", "", 1},
	{"level 100", "level 251", 7},
	{"level 100", "level -1", 7},
	{"level 100", "level", 7},
	{"level 100", "level 100 100", 7},
	{"level 100", "level 100\nlevel 100", 8},
	{"level 100", "lever 100", 7},
	{"running no", "running maybe", 4},
	{"rain-until -", "rain-until tomorrow", 6},
	{"skips 0", "skips 0x0", 8},
	{"skips 0", "skips 11111111111111111", 8},
	{"run 1 ", "run 0 ", 9},
	{"run 1 ", "run 65 ", 9},
	{"ran 00000001 1 2027", "ran 00000001 1 2028", 11},
	{"ran 00000001 ", "ran 100000000 ", 11},
	{"active summer", "active 0123456789012345678901234567890123456789012345678901234567890123",
	 2},
	{"end 11", "end 10", 12},
	{"end 11", "end 11 ", 12},
	{"horizon -", "", 10},
};

static void damage_is_found_and_its_line_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		static struct runner_state loaded;
		size_t length;
		char *text = small_text(&length), *damaged;
		char *place = strstr(text, damages[i].line);

		assert_non_null(place);
		assert_true(asprintf(&damaged, "%.*s%s%s", (int)(place - text), text,
				     damages[i].instead, place + strlen(damages[i].line)) > 0);
		assert_int_equal(memory_parse(damaged, strlen(damaged), &loaded), damages[i].place);
		free(damaged);
		free(text);
	}
}

static void a_damaged_file_is_set_aside(void **state)
{
	struct runner_state loaded, empty;
	char message[512], expected[512];
	int fd = open(path_of("schedule.state"), O_WRONLY | O_CREAT, 0600);

	(void)state;
	assert_int_equal(write(fd, "sprinkled-schedule 1\nactive\0x\n", 30), 30);
	close(fd);
	runner_state_init(&empty);
	assert_int_equal(memory_load(folder, &loaded, message, sizeof(message)), -1);
	assert_memory_equal(&loaded, &empty, sizeof(empty));
	snprintf(expected, sizeof(expected),
		 "%s/schedule.state:2: damaged; set aside as %s/schedule.state.damaged; nothing "
		 "is remembered",
		 folder, folder);
	assert_string_equal(message, expected);
	assert_int_equal(access(path_of("schedule.state.damaged"), F_OK), 0);
	assert_int_equal(memory_load(folder, &loaded, message, sizeof(message)), 1);
}

static void a_save_that_fails_leaves_what_was_there(void **state)
{
	struct runner_state saved, loaded;
	char message[512];

	(void)state;
	runner_state_init(&saved);
	saved.level_percent = 42;
	assert_int_equal(state_save(folder, &saved), 0);
	/* A folder stands where the new file would be written. */
	assert_int_equal(mkdir(path_of("schedule.state.new"), 0700), 0);
	saved.level_percent = 43;
	assert_int_equal(state_save(folder, &saved), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(rmdir(path_of("schedule.state.new")), 0);
	assert_int_equal(memory_load(folder, &loaded, message, sizeof(message)), 0);
	assert_int_equal(loaded.level_percent, 42);
	assert_int_equal(state_save("/nowhere/at/all", &saved), -1);
	assert_int_equal(errno, ENOENT);
}

static void what_cannot_be_read_is_told_and_stays(void **state)
{
	struct runner_state loaded;
	char message[512];

	(void)state;
	assert_int_equal(mkdir(path_of("schedule.state"), 0700), 0);
	assert_int_equal(memory_load(folder, &loaded, message, sizeof(message)), -1);
	assert_non_null(strstr(message, "Is a directory"));
	assert_int_equal(rmdir(path_of("schedule.state")), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
	const struct CMUnitTest tests[] = {
		TEST(what_is_saved_is_loaded),
		TEST(nothing_is_saved_and_loaded),
		TEST(a_manual_closing_is_over_with_its_keeper),
		TEST(no_file_is_no_damage),
		TEST(a_cut_file_is_damaged_wherever_it_is_cut),
		TEST(damage_is_found_and_its_line_told),
		TEST(a_damaged_file_is_set_aside),
		TEST(a_save_that_fails_leaves_what_was_there),
		TEST(what_cannot_be_read_is_told_and_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
