#ifndef LOG_APPEND_FILE_H
#define LOG_APPEND_FILE_H

#include <limits.h>
#include <stddef.h>

/*
 * A text file that many processes append lines to: opened O_APPEND, mode 0640, close-on-exec, a
 * line is one write(2), which the kernel does not mix with others. Its descriptor keeps its number,
 * and its inode too but for append_file_reopen, so that copies inherited at fork stay good.
 */

#define APPEND_LINE_MAX 4096 /* bytes of the longest line, its newline included */

struct append_file {
	char path[PATH_MAX]; /* "" when there is no file by name, such as stderr */
	int fd;		     /* -1: not open */
};

/* What to do at open with a last line that has no newline, since a crash or a full disk tore it. */
enum torn_line {
	TORN_LINE_ENDED, /* keep it, with a newline: safe while others append */
	TORN_LINE_CUT,	 /* cut it off: for the only writer of the file */
};

/*
 * Open folder/name (folder "": name is the whole path), made when it isn't there.
 * 0, or -1 with errno of open(2), pread(2), write(2) or ftruncate(2).
 */
int append_file_open(struct append_file *, const char *folder, const char *name, enum torn_line);

/* Let go of it; harmless when it is not open. */
void append_file_close(struct append_file *);

/*
 * Append a line that ends with a newline. 0, or -1 with errno of write(2) (ENOSPC too when only a
 * part found room; that was taken back), EMSGSIZE longer than APPEND_LINE_MAX, EBADF not open.
 */
int append_file_write(const struct append_file *, const char *line, size_t length);

/* Open the file that has the name by now. 0, or -1 with errno of open(2), the old one kept. */
int append_file_reopen(struct append_file *);

/*
 * Keep what is in it as PATH.1, on the disk, and make it empty. 0, or -1 with errno (EBUSY: another
 * process is at it), the file unchanged. A line appended in the very instant of the cut can be
 * lost; everything up to the last look before it is kept.
 */
int append_file_clear(const struct append_file *);

#endif
