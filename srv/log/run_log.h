#ifndef LOG_RUN_LOG_H
#define LOG_RUN_LOG_H

#include <stddef.h>
#include <stdint.h>

/*
 * The run log, runs.log in state_dir: append-only text in UTC, one line an event, the keeper its
 * only writer. A write is whole or absent; a torn last line is cut off at open. The "off" line of a
 * run tells all of it:
 *
 *   2026-11-21T06:30:00Z on relay=3 planned=600 cause=manual by="admin 192.168.1.20:50514"
 *   2026-11-21T06:40:00Z off relay=3 started=2026-11-21T06:30:00Z planned=600 actual=600
 *       cause=manual by="admin 192.168.1.20:50514" end=done     (one line in the file)
 *
 * In by, bytes that are not printable, quotes and backslashes are escaped as printable.h says.
 */

#define RUN_LOG_NAME "runs.log"

struct run {
	unsigned relay;	    /* from 1 */
	int64_t started_ns; /* realtime, whole seconds in the file */
	int64_t ended_ns;   /* realtime; 0 still running */
	int64_t planned_s;  /* -1 unknown: left out in the file */
	int64_t actual_s;   /* elapsed, on a clock that no time change moves; < 0 is 0 */
	char cause[16];	    /* manual, profile, master: a word of a-z and _ */
	char by[96];	    /* who or which profile; any text */
	char end[24]; /* done, opened, paused, max_on, alarm, shutdown, crash; "" still running */
};

struct run_log;

/* Open for appending, cutting off a torn last line. NULL with errno of open(2) or malloc(3). */
struct run_log *run_log_open(const char *state_dir);

void run_log_close(struct run_log *);

/*
 * Append. 0, or -1 with errno (ENOSPC, EIO, …): nothing, or a part that was cut off again, is in
 * the file; the caller goes on, water comes first.
 */
int run_log_on(struct run_log *, const struct run *);
int run_log_off(struct run_log *, const struct run *);

/*
 * Read one line (without its end). Returns 1 for an "off" line, 2 for an "on" line, 0 for anything
 * else (*run unchanged). Keys that this version does not know are passed over.
 */
int run_line_parse(const char *line, struct run *);

#endif
