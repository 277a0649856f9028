#ifndef STATE_SHARED_SETTINGS_H
#define STATE_SHARED_SETTINGS_H

#include "config/settings.h"
#include "state/segment.h"

/*
 * The settings in force. The supervisor alone publishes (at start and after a reload), two copies
 * and an index as in relays.h; the keeper reads.
 */
void shared_settings_publish(struct segment *, const struct settings *);
void shared_settings_read(struct segment *, struct settings *);

#endif
