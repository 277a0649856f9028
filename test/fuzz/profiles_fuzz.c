/* profiles.yml: whatever the text, the profiles hang together, or one line says what is wrong. */

#include <errno.h>
#include "fuzz.h"
#include "relay_set.h"
#include "schedule/profiles.h"

static void program_must_hang_together(const struct profile_set *set, const struct program *program)
{
	MUST(program->relay >= 1 && program->relay <= 8);
	MUST(program->first_start + program->start_count <= set->start_count);
	MUST(program->first_date + program->date_count <= set->date_count);
	for (unsigned i = 0; i < program->start_count; i++) {
		const struct program_start *start = &set->start[program->first_start + i];

		MUST(start->duration_ms >= 0 && start->duration_ms <= DURATION_MAX_MS);
		MUST(start->base != START_CLOCK ||
		     (start->offset_s >= 0 && start->offset_s < 86400));
		MUST(start->offset_s >= -SUN_OFFSET_MAX_S);
	}
}

static void must_hang_together(const struct profile_set *set)
{
	MUST(set->count <= PROFILES_MAX && set->program_count <= PROGRAMS_MAX);
	MUST(set->start_count <= STARTS_MAX && set->date_count <= DATES_MAX);
	MUST(set->season_count <= SEASONS_MAX);
	MUST(set->active >= -1 && set->active < (int)set->count);
	for (unsigned i = 0; i < set->count; i++) {
		const struct profile *profile = &set->profile[i];

		MUST(profile_find(set, profile->name) == (int)i);
		MUST(profile->first_program + profile->program_count <= set->program_count);
		MUST(profile->first_season + profile->season_count <= set->season_count);
		for (unsigned p = 0; p < profile->program_count; p++)
			program_must_hang_together(set, &set->program[profile->first_program + p]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct profiles_site site = {
		.relay_count = 8, .latitude = 52.5, .longitude = 13.4};
	static struct profile_set set;
	struct profiles_error error = {""};
	char *text = fuzz_text(data, size);

	errno = 0;
	if (profiles_parse("profiles.yml", text, size, &site, &set, &error) == 0) {
		must_hang_together(&set);
	} else {
		MUST(errno == EINVAL);
		MUST(strncmp(error.text, "profiles.yml:", 13) == 0);
		MUST(strchr(error.text, '\n') == NULL);
	}
	free(text);
	return 0;
}
