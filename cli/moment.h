#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Points in time in a server's objects, and as people at a terminal read them. */

/* The time under key, nanoseconds since the epoch. False: null, missing, or no time. */
bool moment_of(const json_t *object, const char *key, int64_t *time_ns);

#define MOMENT_TEXT_SIZE 32

/* Local time: "07:30:00" today, else "2026-11-21 07:30:00". Returns text. */
char *moment_text(int64_t time_ns, char text[MOMENT_TEXT_SIZE]);

#endif
