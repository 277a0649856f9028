/*
 * audit.c: the form of audit lines, in one place. A longer detail is cut.
 */
#include "log/audit.h"

#include <stdarg.h>
#include <stdio.h>
#include "log/log.h"
#include "printable.h"

enum { DETAIL_SIZE = 256, LINE_SIZE = 1024 };

__attribute__((format(printf, 5, 0))) static char *
line_compose(char line[LINE_SIZE], const struct audit_subject *subject, const char *what,
	     const char *result, const char *format, va_list arguments)
{
	char user[PRINTABLE_SIZE(USER_NAME_SIZE)], from[256], detail[DETAIL_SIZE];

	(void)vsnprintf(detail, sizeof(detail), format, arguments); /* see above */
	(void)snprintf(
		line, LINE_SIZE, "audit %s %s user=\"%s\" role=%s from=\"%s\"%s%s", what, result,
		printable_quoted(subject->user, user, sizeof(user)), role_name(subject->role),
		printable_quoted(subject->from, from, sizeof(from)), *detail ? " " : "", detail);
	return line;
}

void audit_done(const struct audit_subject *subject, const char *what, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	log_info("%s", line_compose(line, subject, what, "done", format, arguments));
	va_end(arguments);
}

void audit_denied(const struct audit_subject *subject, const char *what, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	log_warning("%s", line_compose(line, subject, what, "denied", format, arguments));
	va_end(arguments);
}
