#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include "reply.h"

int failure_set(struct failure *failure, enum status status, const char *format, ...)
{
	va_list arguments;

	failure->status = status;
	failure->for_good = false;
	va_start(arguments, format);
	(void)vsnprintf(failure->text, sizeof(failure->text), format, arguments); /* cut is fine */
	va_end(arguments);
	return -1;
}

enum status status_of_reply(int code)
{
	switch (code) {
	case -1:
		return STATUS_LOST;
	case REPLY_AUTHENTICATE_FIRST:
	case REPLY_AUTHENTICATION_FAILED:
	case REPLY_NOT_ALLOWED:
		return STATUS_NOT_ALLOWED;
	default:
		return code >= 400 ? STATUS_REFUSED : STATUS_DONE;
	}
}
