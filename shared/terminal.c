#include "terminal.h"

#include <fcntl.h>
#include <unistd.h>

int terminal_release(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1)
		return -1;
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fd != null && dup2(null, fd) == -1)
			return -1;
	if (null > STDERR_FILENO)
		close(null);
	return 0;
}
