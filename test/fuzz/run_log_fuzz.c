/* Run log lines: a line that tells a run tells the same run when that is written again. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "fuzz.h"
#include "log/run_log.h"

static char folder[] = "/tmp/run_log_fuzz.XXXXXX";
static char path[sizeof(folder) + sizeof("/runs.log")];
static struct run_log *run_log;

static void folder_remove(void)
{
	run_log_close(run_log);
	(void)unlink(path); /* a leftover in /tmp harms nobody */
	(void)rmdir(folder);
}

static void log_open(void)
{
	MUST(mkdtemp(folder) != NULL);
	MUST(atexit(folder_remove) == 0);
	(void)snprintf(path, sizeof(path), "%s/runs.log", folder); /* fits */
	run_log = run_log_open(folder);
	MUST(run_log != NULL);
}

/* The one line that is in the log, without its end; the log is empty then. */
static void line_take(char *line, size_t size)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	ssize_t length = read(fd, line, size - 1);

	MUST(length > 0 && line[length - 1] == '\n');
	MUST(memchr(line, '\n', (size_t)length) == line + length - 1);
	line[length - 1] = '\0';
	MUST(ftruncate(fd, 0) == 0 && close(fd) == 0);
}

static void must_come_back(int kind, const struct run *run)
{
	char line[4096];
	struct run again;

	if (kind == 1)
		MUST(run_log_off(run_log, run) == 0);
	else
		MUST(run_log_on(run_log, run) == 0);
	line_take(line, sizeof(line));
	MUST(run_line_parse(line, &again) == kind);
	MUST(again.relay == run->relay && again.started_ns == run->started_ns);
	MUST(again.planned_s == run->planned_s);
	MUST(strcmp(again.cause, run->cause) == 0 && strcmp(again.by, run->by) == 0);
	if (kind == 1)
		MUST(again.ended_ns == run->ended_ns && again.actual_s == run->actual_s &&
		     strcmp(again.end, run->end) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct run run = {0};
	int kind = run_line_parse(text, &run);

	if (run_log == NULL)
		log_open();
	MUST(kind >= 0 && kind <= 2);
	if (kind != 0)
		must_come_back(kind, &run);
	free(text);
	return 0;
}
