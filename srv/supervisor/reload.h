#ifndef SUPERVISOR_RELOAD_H
#define SUPERVISOR_RELOAD_H

#include "supervisor/supervisor.h"

/* Read options, file and -l into settings: at start and at SIGHUP. As settings_load. */
int settings_assemble(const struct options *, struct settings *, struct settings_error *);

/*
 * SIGHUP: settings and profiles anew, logs reopened; clients and running water go on. On an error
 * the old settings stay, and the log says why.
 */
void reload_run(struct supervisor *);

#endif
