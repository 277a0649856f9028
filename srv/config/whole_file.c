/* A file's bytes in one piece, so that what is checked is what is used. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config/whole_file.h"

/* Fill bytes up to the file's end. Returns how many, or -1 with errno. */
static ssize_t descriptor_read(int fd, char *bytes, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t count = read(fd, bytes + length, size - length);

		if (count == -1 && errno == EINTR)
			continue;
		if (count == -1)
			return -1;
		if (count == 0)
			break;
		length += (size_t)count;
	}
	return (ssize_t)length;
}

char *whole_file_read(const char *path, size_t *length)
{
	int saved_errno, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *bytes;
	ssize_t count;

	if (fd == -1)
		return NULL;
	/* One byte more than allowed shows that a file is too long; it is also the NUL's place. */
	bytes = malloc(WHOLE_FILE_MAX_BYTES + 1);
	count = bytes ? descriptor_read(fd, bytes, WHOLE_FILE_MAX_BYTES + 1) : -1;
	if (count > (ssize_t)WHOLE_FILE_MAX_BYTES) {
		errno = EFBIG;
		count = -1;
	}
	saved_errno = errno;
	(void)close(fd); /* read only: nothing can be lost */
	errno = saved_errno;
	if (count == -1) {
		free(bytes);
		return NULL;
	}
	bytes[count] = '\0';
	*length = (size_t)count;
	return bytes;
}

int whole_file_write(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = write(fd, bytes, length);

		if (count == -1 && errno == EINTR)
			continue;
		if (count == -1)
			return -1;
		bytes += count;
		length -= (size_t)count;
	}
	return 0;
}
