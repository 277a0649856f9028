#ifndef STATE_SHARED_SCHEDULE_H
#define STATE_SHARED_SCHEDULE_H

#include "schedule/profiles.h"
#include "schedule/runner.h"
#include "state/segment.h"

/*
 * The profiles and the runner's state, for sessions that list and forecast. The keeper alone
 * publishes, two copies and an index as in relays.h; readers get copies (about 600 KiB and 30 KiB).
 */
void shared_profiles_publish(struct segment *, const struct profile_set *);
void shared_profiles_read(struct segment *, struct profile_set *);

void shared_runner_publish(struct segment *, const struct runner_state *);
void shared_runner_read(struct segment *, struct runner_state *);

#endif
