#ifndef SUPERVISOR_KEEPER_PROGRAM_H
#define SUPERVISOR_KEEPER_PROGRAM_H

#include "config/settings.h"

/* The keeper's modes that run without a server and take the settings as a memory file. */

/* The settings for it; -1 with errno. */
int keeper_settings_file(const struct settings *);

/* Run one that takes nothing else; as program_run. */
int keeper_program_run(const char *mode, const struct settings *, int limit_ms);

#endif
