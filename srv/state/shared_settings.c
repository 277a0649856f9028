/* shared_settings.c: the settings are a twin (state/twin.h) whose one writer is the supervisor. */
#include "state/shared_settings.h"

#include "state/segment_layout.h"
#include "state/twin.h"

void shared_settings_publish(struct segment *segment, const struct settings *settings)
{
	struct settings_area *area = &segment->shared->settings;

	twin_write(&area->turn, area->copy, sizeof(*settings), settings);
}

void shared_settings_read(struct segment *segment, struct settings *settings)
{
	struct settings_area *area = &segment->shared->settings;

	twin_read(&area->turn, area->copy, sizeof(*settings), settings);
}
