#include "log/append_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0640

/* Where the last whole line ends in the first size bytes; -1 with errno. */
static off_t whole_lines_end(int fd, off_t size)
{
	char block[4096];

	while (size > 0) {
		size_t length = size < (off_t)sizeof(block) ? (size_t)size : sizeof(block);
		ssize_t got = pread(fd, block, length, size - (off_t)length);
		const char *newline = NULL;

		if (got != (ssize_t)length) {
			errno = got == -1 ? errno : EIO;
			return -1;
		}
		newline = memrchr(block, '\n', length);
		size -= (off_t)length;
		if (newline != NULL)
			return size + (newline - block) + 1;
	}
	return 0;
}

static int torn_line_mend(int fd, enum torn_line torn)
{
	struct stat file;
	off_t whole = 0;

	if (fstat(fd, &file) == -1)
		return -1;
	if (!S_ISREG(file.st_mode))
		return 0;
	whole = whole_lines_end(fd, file.st_size);
	if (whole == -1)
		return -1;
	if (whole == file.st_size)
		return 0;
	if (torn == TORN_LINE_CUT)
		return ftruncate(fd, whole);
	/* On a full disk the log stays as it is: whoever asked to log must still come up. */
	return write(fd, "\n", 1) == 1 || errno == ENOSPC || errno == EDQUOT ? 0 : -1;
}

static int path_open(const char *path)
{
	return open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, FILE_MODE);
}

int append_file_open(struct append_file *file, const char *folder, const char *name,
		     enum torn_line torn)
{
	int saved = 0;

	file->fd = -1;
	if (snprintf(file->path, sizeof(file->path), "%s%s%s", folder, *folder != '\0' ? "/" : "",
		     name) >= (int)sizeof(file->path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	file->fd = path_open(file->path);
	if (file->fd == -1)
		return -1;
	if (torn_line_mend(file->fd, torn) == 0)
		return 0;
	saved = errno;
	append_file_close(file);
	errno = saved;
	return -1;
}

void append_file_close(struct append_file *file)
{
	if (file->fd != -1)
		(void)close(file->fd); /* every line has been written: nothing is left to fail */
	file->fd = -1;
}

/*
 * A full disk took only a part of a line: cut it off again if it is still the file's end. Somebody
 * else's line could get between the look and the cut only if room appeared in that instant.
 */
static void part_take_back(int fd, const char *part, size_t length)
{
	char tail[APPEND_LINE_MAX];
	struct stat file;

	if (fstat(fd, &file) == -1 || file.st_size < (off_t)length)
		return;
	if (pread(fd, tail, length, file.st_size - (off_t)length) != (ssize_t)length)
		return;
	if (memcmp(tail, part, length) == 0)
		(void)!ftruncate(fd, file.st_size - (off_t)length); /* else it stays a torn line */
}

int append_file_write(const struct append_file *file, const char *line, size_t length)
{
	ssize_t written = 0;

	if (length > APPEND_LINE_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	written = write(file->fd, line, length);
	if (written == (ssize_t)length)
		return 0;
	if (written > 0)
		part_take_back(file->fd, line, (size_t)written);
	if (written >= 0)
		errno = ENOSPC;
	return -1;
}

int append_file_reopen(struct append_file *file)
{
	int fd = path_open(file->path);
	int moved = -1;

	if (fd == -1)
		return -1;
	if (file->fd == -1) {
		file->fd = fd;
		return 0;
	}
	moved = dup3(fd, file->fd, O_CLOEXEC);
	(void)close(fd); /* only a second name of what was just opened */
	return moved == -1 ? -1 : 0;
}

/* Copy what lies behind *offset, and move *offset behind it. 0, or -1 with errno. */
static int rest_copy(int from, int to, off_t *offset)
{
	char block[4096];
	ssize_t got = 0;

	while ((got = pread(from, block, sizeof(block), *offset)) > 0) {
		ssize_t written = write(to, block, (size_t)got);

		if (written != got) {
			errno = written == -1 ? errno : ENOSPC;
			return -1;
		}
		*offset += got;
	}
	return got == 0 ? 0 : -1;
}

/* Copy all lines to the file fresh, let it become kept when it is on the disk, and cut. */
static int lines_move(int from, const char *fresh, const char *kept)
{
	int to = open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	int result = -1;
	int saved = 0;
	off_t copied = 0;

	if (to == -1)
		return -1;
	/* The disk takes its time, and lines may come: take them along, then cut at once. */
	if (rest_copy(from, to, &copied) == 0 && fsync(to) == 0 && rename(fresh, kept) == 0 &&
	    rest_copy(from, to, &copied) == 0)
		result = ftruncate(from, 0);
	saved = errno;
	if (result == 0) /* a line can be seen while the kernel has written only a part of it */
		(void)torn_line_mend(to, TORN_LINE_CUT); /* else its beginning stays */
	else
		(void)unlink(
			fresh); /* there only if rename was not reached; overwritten next time */
	(void)close(to);	/* fsync has told of all that could fail */
	errno = saved;
	return result;
}

int append_file_clear(const struct append_file *file)
{
	/* A lock of this process, not of the inherited descriptor; it ends with the process. */
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char kept[PATH_MAX + sizeof(".1")];
	char fresh[PATH_MAX + sizeof(".1.new")];
	int result = 0;
	int saved = 0;

	(void)snprintf(kept, sizeof(kept), "%s.1", file->path);
	(void)snprintf(fresh, sizeof(fresh), "%s.1.new", file->path);
	if (fcntl(file->fd, F_SETLK, &lock) == -1) {
		errno = errno == EACCES || errno == EAGAIN ? EBUSY : errno;
		return -1;
	}
	result = lines_move(file->fd, fresh, kept);
	saved = errno;
	lock.l_type = F_UNLCK;
	(void)fcntl(file->fd, F_SETLK, &lock); /* giving back what is held does not fail */
	errno = saved;
	return result;
}
