#ifndef SUPERVISOR_KEEPER_PROGRAM_H
#define SUPERVISOR_KEEPER_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>
#include "config/settings.h"

/*
 * The keeper is a program of its own, sprinkled-keeper: what it links (libgpiod, libnova) would
 * otherwise be paid for at every fork. It is opened once, so that a server that runs while its
 * package is upgraded goes on with the keeper it was built with.
 */

/* Find it beside this program, else in libexec; remember it. 0, or -1 with errno. */
int keeper_program_open(void);

/*
 * Replace this process by it; arguments[0] is its name, the last is NULL. Descriptors[0..count)
 * stay open, the signal mask stays as it is. Returns only on failure, with errno.
 */
int keeper_program_exec(char *const arguments[], const int descriptors[], size_t count);

/* A memory file with the settings, for the keeper's modes that run without a server; -1, errno. */
int keeper_settings_file(const struct settings *);

/*
 * Run it to its end in a mode that takes nothing but the settings, for at most limit_ms. Returns
 * its exit status, or -1 with errno (ETIMEDOUT: killed).
 */
int keeper_program_run(const char *mode, const struct settings *, int limit_ms);

#endif
