#ifndef LOG_RUN_LOG_H
#define LOG_RUN_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The run log, runs.log in state_dir: append-only text in UTC, one line an event, the keeper its
 * only writer. A write is whole or absent; a torn last line is repaired at open.
 *   2026-11-21T06:30:00Z on relay=3 planned=600 cause=manual by="admin 192.168.1.20:50514"
 *   2026-11-21T06:40:00Z off relay=3 started=2026-11-21T06:30:00Z planned=600 actual=600 cause=manual by="…" end=done
 */

struct run {
	unsigned relay;      /* from 1 */
	int64_t started_ns;  /* realtime */
	int64_t ended_ns;    /* realtime; 0 still running */
	int64_t planned_s;   /* -1 unknown */
	int64_t actual_s;    /* elapsed, on a clock that no time change moves */
	char cause[16];      /* manual, profile, master */
	char by[96];         /* who or which profile */
	char end[24];        /* done, opened, max_on, alarm, shutdown, crash; "" still running */
};

struct run_log;

/* Open for appending, repairing a torn last line. NULL with errno. */
struct run_log *run_log_open(const char *state_dir);
void run_log_close(struct run_log *);

/*
 * Append. 0, or -1 with errno (ENOSPC, EIO, …): nothing, or a part that was cut off again, is in the
 * file; the caller goes on, water comes first.
 */
int run_log_on(struct run_log *, const struct run *);
int run_log_off(struct run_log *, const struct run *);

/*
 * Read one line (without its end). Returns 1 for an "off" line, 2 for an "on" line, 0 for anything
 * else.
 */
int run_line_parse(const char *line, struct run *);

#endif
