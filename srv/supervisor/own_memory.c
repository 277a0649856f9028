#include "supervisor/own_memory.h"

#include <errno.h>
#include <sys/mman.h>

void *own_memory_create(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	if (madvise(memory, size, MADV_DONTFORK) == 0)
		return memory;
	int saved = errno;
	own_memory_destroy(memory, size);
	errno = saved;
	return NULL;
}

void own_memory_destroy(void *memory, size_t size)
{
	if (memory)
		(void)munmap(memory, size); /* fails only for what is no mapping */
}
