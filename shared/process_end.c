#include "process_end.h"

#include <unistd.h>

/* Only in a build for coverage. */
void __gcov_dump(void) __attribute__((weak));

void process_end(int status)
{
	if (__gcov_dump)
		__gcov_dump();
	_exit(status);
}
