#ifndef SUPERVISOR_MEMORY_FILE_H
#define SUPERVISOR_MEMORY_FILE_H

#include <stddef.h>

/*
 * A memory file (close-on-exec) that holds these bytes for good: nobody can change it. Its reader
 * uses pread(2), since all of its copies share one position. -1 with errno.
 */
int memory_file_make(const char *name, const void *bytes, size_t size);

#endif
