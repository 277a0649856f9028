#ifndef SUPERVISOR_PROGRAM_H
#define SUPERVISOR_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

/*
 * The server's other programs. What they link (libgpiod, libtls) would otherwise be paid for at
 * every fork. Each is opened once, so that a server that runs while its package is upgraded goes on
 * with those it was built with.
 */
enum program { PROGRAM_KEEPER, PROGRAM_TLS, PROGRAMS };

const char *program_name(enum program); /* "sprinkled-keeper" */

/* Find it beside this program, else in libexec; remember it. Once. 0, or -1 with errno. */
int program_open(enum program);

/*
 * Replace this process by it; arguments[0] is its name, the last is NULL. Descriptors[0..count)
 * stay open, the signal mask stays as it is. Returns only on failure, with errno.
 */
int program_exec(enum program, char *const arguments[], const int descriptors[], size_t count);

#define PROGRAM_DESCRIPTORS_MAX 4

/*
 * Run it to its end in a mode that takes nothing but descriptors, PROGRAM_DESCRIPTORS_MAX at the
 * most, for at most limit_ms. Returns its exit status, or -1 with errno (ETIMEDOUT: killed).
 */
int program_run(enum program, const char *mode, const int descriptors[], size_t count,
		int limit_ms);

#endif
