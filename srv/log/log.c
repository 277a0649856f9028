/*
 * Where a line goes. Nothing here allocates, so that a child may log right after fork, and nothing
 * that fails stops the caller: a line that finds no room is counted and told of later.
 */

#include "log/log.h"

#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include "log/append_file.h"
#include "printable.h"
#include "stamp.h"

#define TEXT_SIZE 1024 /* the longest text of one line, before unprintable bytes grow */
#define LINE_SIZE 2048

struct level {
	const char *name;
	int priority; /* of syslog(3) */
};

static const struct level levels[] = {
	[LOG_LEVEL_ERROR] = {.name = "error", .priority = LOG_ERR},
	[LOG_LEVEL_WARNING] = {.name = "warning", .priority = LOG_WARNING},
	[LOG_LEVEL_INFO] = {.name = "info", .priority = LOG_INFO},
	[LOG_LEVEL_DEBUG] = {.name = "debug", .priority = LOG_DEBUG},
};

static const char *const file_names[LOG_FILES] = {
	[LOG_EVENTS] = "events.log",
	[LOG_ERRORS] = "errors.log",
};

struct outlet {
	struct append_file file;
	unsigned long lost; /* lines that this process could not write */
	int lost_errno;	    /* why the last of them */
};

/* One a file, and one for the chosen place, unless that is syslog. */
#define PLACE_OUTLET LOG_FILES
#define OUTLETS	     (LOG_FILES + 1)
#define NO_OUTLET                   \
	{                           \
		.file = {.fd = -1 } \
	}
#define STDERR_OUTLET                          \
	{                                      \
		.file = {.fd = STDERR_FILENO } \
	}

static struct {
	struct outlet outlets[OUTLETS];
	enum log_level level;
	int place_fd; /* the number of the chosen file's descriptor, for ever; -1 none yet */
	bool to_syslog;
	bool foreground;
	pid_t pid;
	char role[128];
} logger = {
	.outlets = {[LOG_EVENTS] = NO_OUTLET,
		    [LOG_ERRORS] = NO_OUTLET,
		    [PLACE_OUTLET] = STDERR_OUTLET},
	.level = LOG_LEVEL_INFO,
	.place_fd = -1,
	.role = "supervisor",
};

/*
 * Sessions keep the descriptors that there were before the supervisor's own, and close all others
 * by their numbers: so the number of the chosen file is taken at the start, be it named later or
 * anew.
 */
static int place_move(int fd)
{
	if (logger.place_fd == -1) {
		logger.place_fd = fd;
		return 0;
	}
	int moved = dup3(fd, logger.place_fd, O_CLOEXEC);
	(void)close(fd); /* only a second name of what was just opened */
	return moved == -1 ? -1 : 0;
}

static int place_file_open(struct append_file *file, const char *path)
{
	if (append_file_open(file, "", path, TORN_LINE_ENDED) == -1 || place_move(file->fd) == -1)
		return -1;
	file->fd = logger.place_fd;
	return 0;
}

static int place_none_open(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	return fd == -1 ? -1 : place_move(fd);
}

/* Begin or change where lines go beside the two files. The old place stays when this fails. */
static int place_choose(const struct settings *settings)
{
	struct outlet chosen = NO_OUTLET;
	const char *log = settings->log;

	if (*log == '\0')
		log = logger.foreground ? "stderr" : "syslog";
	bool to_stderr = strcmp(log, "stderr") == 0, to_syslog = strcmp(log, "syslog") == 0;
	if ((to_stderr || to_syslog ? place_none_open() : place_file_open(&chosen.file, log)) == -1)
		return -1;
	if (to_stderr)
		chosen.file.fd = STDERR_FILENO;
	logger.outlets[PLACE_OUTLET] = chosen;
	logger.to_syslog = to_syslog;
	if (to_syslog)
		openlog("sprinkled", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	return 0;
}

int log_open(const struct settings *settings, bool foreground)
{
	logger.level = settings->log_level;
	logger.foreground = foreground;
	if (place_choose(settings) == -1)
		return -1;
	for (enum log_file name = 0; name < LOG_FILES; name++) {
		struct append_file *file = &logger.outlets[name].file;

		append_file_close(file);
		logger.outlets[name].lost = 0;
		if (append_file_open(file, settings->state_dir, file_names[name],
				     TORN_LINE_ENDED) == -1)
			return -1;
	}
	return 0;
}

int log_reopen(const struct settings *settings)
{
	int result = place_choose(settings);
	int saved = errno;

	logger.level = settings->log_level;
	for (enum log_file name = 0; name < LOG_FILES; name++) {
		if (append_file_reopen(&logger.outlets[name].file) == -1) {
			result = -1;
			saved = errno;
		}
	}
	errno = saved;
	return result;
}

void log_role(const char *kind, const char *name)
{
	char role[sizeof(logger.role)];

	/* One that is too long is cut. */
	(void)strlcpy(role, kind, sizeof(role));
	if (name != NULL) {
		(void)strlcat(role, " ", sizeof(role));
		(void)strlcat(role, name, sizeof(role));
	}
	(void)printable_format(role, logger.role, sizeof(logger.role));
}

/* Compose a whole line with its newline; returns its length. */
static size_t line_compose(enum log_level level, const char *text, char line[LINE_SIZE])
{
	char stamp[STAMP_SIZE];
	size_t used = (size_t)snprintf(
		line, LINE_SIZE, "%s %s %s[%d]: ", stamp_utc(stamp_now_ns(), stamp, sizeof(stamp)),
		levels[level].name, logger.role, (int)logger.pid);

	(void)printable_format(text, line + used, LINE_SIZE - used);
	used += strlen(line + used);
	line[used++] = '\n'; /* where the NUL was */
	return used;
}

static void outlet_write(struct outlet *outlet, const char *line, size_t length)
{
	char told[LINE_SIZE];
	char text[TEXT_SIZE];

	if (outlet->file.fd == -1)
		return;
	if (outlet->lost > 0) {
		(void)snprintf(text, sizeof(text), "lines lost here: %lu (%s)", outlet->lost,
			       strerrordesc_np(outlet->lost_errno));
		if (append_file_write(&outlet->file, told,
				      line_compose(LOG_LEVEL_WARNING, text, told)) == 0)
			outlet->lost = 0;
	}
	if (append_file_write(&outlet->file, line, length) == -1) {
		outlet->lost++;
		outlet->lost_errno = errno;
	}
}

/* A child does not tell of what its parent lost. */
static void process_notice(void)
{
	pid_t pid = getpid();

	if (pid == logger.pid)
		return;
	logger.pid = pid;
	for (size_t i = 0; i < OUTLETS; i++)
		logger.outlets[i].lost = 0;
}

__attribute__((format(printf, 2, 0))) static void say(enum log_level level, const char *format,
						      va_list arguments)
{
	char text[TEXT_SIZE];
	char line[LINE_SIZE];
	int saved = errno; /* logging is no reason for a caller to lose it */
	size_t length = 0;

	if (level > logger.level)
		return;
	process_notice();
	(void)vsnprintf(text, sizeof(text), format, arguments); /* a longer one is cut */
	length = line_compose(level, text, line);
	outlet_write(&logger.outlets[LOG_EVENTS], line, length);
	if (level == LOG_LEVEL_ERROR)
		outlet_write(&logger.outlets[LOG_ERRORS], line, length);
	outlet_write(&logger.outlets[PLACE_OUTLET], line, length);
	if (logger.to_syslog)
		syslog(levels[level].priority, "%s: %s", logger.role,
		       printable_format(text, line, sizeof(line)));
	errno = saved;
}

void log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_LEVEL_ERROR, format, arguments);
	va_end(arguments);
}

void log_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_LEVEL_WARNING, format, arguments);
	va_end(arguments);
}

void log_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_LEVEL_INFO, format, arguments);
	va_end(arguments);
}

void log_debug(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(LOG_LEVEL_DEBUG, format, arguments);
	va_end(arguments);
}

void log_fatal(const char *format, ...)
{
	char text[TEXT_SIZE];
	char shown[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments); /* a longer one is cut */
	va_end(arguments);
	log_error("%s", text);
	/* Whoever started us sees why, wherever the log goes. */
	if (logger.outlets[PLACE_OUTLET].file.fd != STDERR_FILENO)
		(void)dprintf(STDERR_FILENO, "sprinkled: %s\n",
			      printable_format(text, shown, sizeof(shown)));
	exit(1);
}

const char *log_file_name(enum log_file name)
{
	return file_names[name];
}

int log_clear(enum log_file name)
{
	return append_file_clear(&logger.outlets[name].file);
}
