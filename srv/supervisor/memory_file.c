/*
 * memory_file.c: what is handed to another program, as a descriptor.
 */
#include "supervisor/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

int memory_file_make(const char *name, const void *bytes, size_t size)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd == -1)
		return -1;
	errno = ENOSPC; /* what a short write means */
	if (pwrite(fd, bytes, size, 0) == (ssize_t)size &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}
