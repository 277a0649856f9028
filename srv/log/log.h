#ifndef LOG_LOG_H
#define LOG_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "config/settings.h"

/*
 * What the server has to say. Every line goes to the chosen place (syslog, stderr or a file) and
 * to the event log; errors also to the error log. Those two, events.log and errors.log in
 * state_dir, are what `rlf` and `ref` read: the same file for the life of the server, so that a
 * descriptor inherited at fork stays good. A line is one write: whole or absent.
 * Bytes that are not printable are written the way of vis(3), see printable.h.
 */

/*
 * Open everything. 0, or -1 with errno: what could be opened is used, and stderr until then.
 * Lines name this process "supervisor" until log_role says otherwise.
 */
int log_open(const struct settings *, bool foreground);

/* How later lines name this process: "session 192.168.1.20:50514", or "keeper" with name NULL. */
void log_role(const char *kind, const char *name);

/*
 * Open the files again by name (after a log rotation) and take the level and the place from
 * settings. 0, or -1 with errno: what could not be opened goes on as it was.
 */
int log_reopen(const struct settings *);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Log as an error, to stderr too, and exit(1): at start-up, or when an invariant broke. */
void log_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

enum log_file { LOG_EVENTS, LOG_ERRORS, LOG_FILES };

const char *log_file_name(enum log_file); /* in state_dir: "events.log" */

/* Clear one: its lines go to NAME.1 and it becomes empty. 0, or -1 with errno (EBUSY: another is).
 */
int log_clear(enum log_file);

#endif
