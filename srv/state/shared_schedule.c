/* shared_schedule.c: profiles and runner are twins (state/twin.h), their one writer the keeper. */
#include "state/shared_schedule.h"

#include "state/segment_layout.h"
#include "state/twin.h"

void shared_profiles_publish(struct segment *segment, const struct profile_set *set)
{
	struct profiles_area *area = &segment->shared->profiles;

	twin_write(&area->turn, area->copy, sizeof(*set), set);
}

void shared_profiles_read(struct segment *segment, struct profile_set *set)
{
	struct profiles_area *area = &segment->shared->profiles;

	twin_read(&area->turn, area->copy, sizeof(*set), set);
}

void shared_runner_publish(struct segment *segment, const struct runner_state *state)
{
	struct runner_area *area = &segment->shared->runner;

	twin_write(&area->turn, area->copy, sizeof(*state), state);
}

void shared_runner_read(struct segment *segment, struct runner_state *state)
{
	struct runner_area *area = &segment->shared->runner;

	twin_read(&area->turn, area->copy, sizeof(*state), state);
}
