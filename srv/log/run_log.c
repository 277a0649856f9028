/*
 * Runs as lines. A line is not synced to the disk: an SD card may take a second for that, and the
 * keeper has water to shut off. What a power cut tears is cut off at the next open.
 */

#include "log/run_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bsd/stdlib.h>
#define LIBBSD_NETBSD_VIS /* the header wants a choice; strunvis is the same in both */
#include <bsd/vis.h>
#include "log/append_file.h"
#include "printable.h"
#include "relay_set.h"
#include "stamp.h"
#include "words.h"

#define RUN_LINE_MAX 1024 /* both stamps, the numbers, and by with every byte escaped */

struct run_log {
	struct append_file file;
};

struct run_log *run_log_open(const char *state_dir)
{
	struct run_log *log = malloc(sizeof(*log));

	if (log == NULL)
		return NULL;
	if (append_file_open(&log->file, state_dir, RUN_LOG_NAME, TORN_LINE_CUT) == -1) {
		int saved = errno;

		free(log);
		errno = saved;
		return NULL;
	}
	return log;
}

void run_log_close(struct run_log *log)
{
	if (log == NULL)
		return;
	append_file_close(&log->file);
	free(log);
}

/* " planned=600", or nothing when it is not known. */
static char *planned_format(const struct run *run, char text[32])
{
	text[0] = '\0';
	if (run->planned_s >= 0)
		(void)snprintf(text, 32, " planned=%" PRId64, run->planned_s); /* 29 at most */
	return text;
}

int run_log_on(struct run_log *log, const struct run *run)
{
	char line[RUN_LINE_MAX];
	char stamp[STAMP_SIZE];
	char planned[32];
	char by[PRINTABLE_SIZE(sizeof(run->by))];
	int length = snprintf(line, sizeof(line), "%s on relay=%u%s cause=%s by=\"%s\"\n",
			      stamp_utc(run->started_ns, stamp, sizeof(stamp)), run->relay,
			      planned_format(run, planned), run->cause,
			      printable_quoted(run->by, by, sizeof(by)));

	return append_file_write(&log->file, line, (size_t)length);
}

int run_log_off(struct run_log *log, const struct run *run)
{
	char line[RUN_LINE_MAX];
	char ended[STAMP_SIZE];
	char started[STAMP_SIZE];
	char planned[32];
	char by[PRINTABLE_SIZE(sizeof(run->by))];
	int length = snprintf(line, sizeof(line),
			      "%s off relay=%u started=%s%s actual=%" PRId64
			      " cause=%s by=\"%s\" end=%s\n",
			      stamp_utc(run->ended_ns, ended, sizeof(ended)), run->relay,
			      stamp_utc(run->started_ns, started, sizeof(started)),
			      planned_format(run, planned), run->actual_s > 0 ? run->actual_s : 0,
			      run->cause, printable_quoted(run->by, by, sizeof(by)), run->end);

	return append_file_write(&log->file, line, (size_t)length);
}

static bool stamp_read(const char *value, void *time_ns, size_t size)
{
	(void)size;
	return strlen(value) == strlen("2026-11-21T06:30:00Z") && stamp_parse(value, time_ns) == 0;
}

static bool relay_read(const char *value, void *relay, size_t size)
{
	const char *error = NULL;
	unsigned number = (unsigned)strtonum(value, 1, RELAYS_MAX, &error);

	memcpy(relay, &number, size);
	return error == NULL;
}

static bool seconds_read(const char *value, void *seconds, size_t size)
{
	const char *error = NULL;
	int64_t number = strtonum(value, 0, INT64_MAX, &error);

	memcpy(seconds, &number, size);
	return error == NULL;
}

static bool word_read(const char *value, void *word, size_t size)
{
	return *value != '\0' && value[strspn(value, "abcdefghijklmnopqrstuvwxyz_")] == '\0' &&
	       snprintf(word, size, "%s", value) < (int)size;
}

static bool text_read(const char *value, void *text, size_t size)
{
	char plain[RUN_LINE_MAX];

	return strunvis(plain, value) != -1 && snprintf(text, size, "%s", plain) < (int)size;
}

struct field {
	const char *key;
	bool (*read)(const char *value, void *member, size_t size);
	size_t offset, size;
	bool on, off; /* which lines must have it */
};

#define MEMBER(name) .offset = offsetof(struct run, name), .size = sizeof(((struct run *)0)->name)

static const struct field fields[] = {
	{.key = "relay", .read = relay_read, MEMBER(relay), .on = true, .off = true},
	{.key = "started", .read = stamp_read, MEMBER(started_ns), .off = true},
	{.key = "planned", .read = seconds_read, MEMBER(planned_s)},
	{.key = "actual", .read = seconds_read, MEMBER(actual_s), .off = true},
	{.key = "cause", .read = word_read, MEMBER(cause), .on = true, .off = true},
	{.key = "by", .read = text_read, MEMBER(by), .on = true, .off = true},
	{.key = "end", .read = word_read, MEMBER(end), .off = true},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* Read "key=value"; a key of a later version is passed over. False: a known one is wrong or twice.
 */
static bool pair_read(const char *pair, struct run *run, bool seen[FIELDS])
{
	size_t length = strcspn(pair, "=");

	if (pair[length] != '=')
		return false;
	for (size_t i = 0; i < FIELDS; i++) {
		if (strlen(fields[i].key) != length || strncmp(fields[i].key, pair, length) != 0)
			continue;
		if (seen[i])
			return false;
		seen[i] = true;
		return fields[i].read(pair + length + 1, (char *)run + fields[i].offset,
				      fields[i].size);
	}
	return true;
}

int run_line_parse(const char *line, struct run *run)
{
	struct run read = {.planned_s = -1};
	bool seen[FIELDS] = {false};
	char copy[RUN_LINE_MAX];
	char *words[WORDS_MAX];
	bool off = false;
	int count = 0;

	if (snprintf(copy, sizeof(copy), "%s", line) >= (int)sizeof(copy))
		return 0;
	count = words_split(copy, words, WORDS_MAX);
	if (count < 2 || (strcmp(words[1], "on") != 0 && strcmp(words[1], "off") != 0))
		return 0;
	off = strcmp(words[1], "off") == 0;
	if (!stamp_read(words[0], off ? &read.ended_ns : &read.started_ns, sizeof(read.ended_ns)))
		return 0;
	for (int i = 2; i < count; i++) {
		if (!pair_read(words[i], &read, seen))
			return 0;
	}
	for (size_t i = 0; i < FIELDS; i++) {
		if (!seen[i] && (off ? fields[i].off : fields[i].on))
			return 0;
	}
	*run = read;
	return off ? 1 : 2;
}
