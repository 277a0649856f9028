#ifndef CONFIG_WHOLE_FILE_H
#define CONFIG_WHOLE_FILE_H

#include <stddef.h>

/* Longest configuration or users file that is read; far above any real one. */
#define WHOLE_FILE_MAX_BYTES ((size_t)1 << 20)

/*
 * Read a whole file. Returns its bytes with a NUL after them, for the caller to free, and their
 * number in *length; or NULL with errno: EFBIG longer than WHOLE_FILE_MAX_BYTES, or that of open(2)
 * or read(2).
 */
char *whole_file_read(const char *path, size_t *length);

/* Write all of bytes. 0, or -1 with errno: that of write(2); how much was written is not told. */
int whole_file_write(int fd, const char *bytes, size_t length);

#endif
