#ifndef SUPERVISOR_NAMELESS_H
#define SUPERVISOR_NAMELESS_H

#include <stdbool.h>
#include "config/settings.h"

/*
 * Listeners whose clients send a password and no name, in clear. Where there are users it must be
 * said whose password that is, and beyond this machine that it may be sent so.
 * 0, or -1 with errno EINVAL and *error naming the listener and what to do.
 */
int nameless_check(const struct settings *, bool users_exist, struct settings_error *);

#endif
