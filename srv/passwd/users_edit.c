/* The users file rewritten whole: a death at any step leaves the old file or the new one. */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/whole_file.h"
#include "passwd/users_edit.h"

/* What is done to the file: name's line replaced by user, or removed when user is NULL. */
struct edit {
	const char *name;
	const struct user *user;
	gid_t group; /* of a new file */
};

/* Open and lock the folder of path; closing it unlocks. -1 with errno. */
static int folder_lock(const char *path)
{
	char copy[PATH_MAX];
	int folder;

	/* dirname changes what it is given. */
	if (strlcpy(copy, path, sizeof(copy)) >= sizeof(copy)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder != -1 && flock(folder, LOCK_EX) == -1) {
		int saved_errno = errno;

		(void)close(folder); /* nothing was written through it */
		errno = saved_errno;
		return -1;
	}
	return folder;
}

static void user_print(FILE *out, const struct user *user)
{
	/* The stream is memory and ferror is looked at after all. */
	(void)fprintf(out, "%s:%s:%s\n", user->name, role_name(user->role), user->hash);
}

/* Print the lines of text (cut up meanwhile) with the edit made; true when name was there. */
static bool lines_print(FILE *out, char *text, const struct edit *edit)
{
	bool was_there = false;
	struct user user;
	const char *why;
	char *line;

	while ((line = strsep(&text, "\n")) != NULL) {
		if (!text && *line == '\0')
			break; /* after the last line's end */
		if (user_line_parse(line, &user, &why) != 1 || strcmp(user.name, edit->name) != 0) {
			(void)fprintf(out, "%s\n", line); /* as in user_print */
			continue;
		}
		was_there = true;
		if (edit->user)
			user_print(out, edit->user);
	}
	explicit_bzero(&user, sizeof(user));
	return was_there;
}

/* The new text, to be freed; NULL with errno. */
static char *text_edit(char *text, const struct edit *edit, size_t *length)
{
	char *edited = NULL;
	FILE *out = open_memstream(&edited, length);
	bool was_there, failed;

	if (!out)
		return NULL;
	was_there = lines_print(out, text, edit);
	if (edit->user && !was_there)
		user_print(out, edit->user);
	failed = ferror(out) != 0;
	if (fclose(out) != 0 || failed) {
		free(edited);
		errno = ENOMEM;
		return NULL;
	}
	if (!edit->user && !was_there) {
		free(edited);
		errno = ENOENT;
		return NULL;
	}
	return edited;
}

/* Fill the new file and give it the old one's owner. */
static int file_fill(int fd, const char *text, size_t length, const struct stat *old, gid_t group)
{
	uid_t owner = old && geteuid() == 0 ? old->st_uid : (uid_t)-1;

	if (old)
		group = old->st_gid;
	if ((owner != (uid_t)-1 || group != (gid_t)-1) && fchown(fd, owner, group) == -1)
		return -1;
	if (fchmod(fd, old ? old->st_mode & 07777 : 0640) == -1 ||
	    whole_file_write(fd, text, length) == -1)
		return -1;
	return fsync(fd);
}

/* Put text in place of the file at path; old is NULL when there is none. */
static int file_replace(const char *path, int folder, const char *text, size_t length,
			const struct stat *old, gid_t group)
{
	char new_path[PATH_MAX];
	int fd, length_of_path = snprintf(new_path, sizeof(new_path), "%s.XXXXXX", path);
	int result;

	if (length_of_path < 0 || (size_t)length_of_path >= sizeof(new_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(new_path, O_CLOEXEC);
	if (fd == -1)
		return -1;
	result = file_fill(fd, text, length, old, group);
	if (close(fd) == -1)
		result = -1;
	if (result == 0)
		result = rename(new_path, path);
	if (result == -1) {
		int saved_errno = errno;

		(void)unlink(new_path); /* the first error is the one to tell */
		errno = saved_errno;
		return -1;
	}
	return fsync(folder);
}

/* Edit the file at path, whose folder is locked. */
static int file_edit(const char *path, int folder, const struct edit *edit, char *why, size_t size)
{
	struct stat old;
	bool exists = stat(path, &old) == 0;
	size_t length = 0, edited_length = 0;
	char *text, *edited = NULL;
	int result = -1;

	*why = '\0';
	if (!exists && errno != ENOENT)
		return -1;
	if (exists && users_verify(path, why, size) == -1)
		return -1;
	text = exists ? whole_file_read(path, &length) : strdup("");
	if (text)
		edited = text_edit(text, edit, &edited_length);
	if (edited)
		result = file_replace(path, folder, edited, edited_length, exists ? &old : NULL,
				      edit->group);
	freezero(edited, edited_length);
	freezero(text, length);
	return result;
}

static int users_edit(const char *path, const struct edit *edit, char *why, size_t size)
{
	/* Through a symbolic link the file it names is changed, not the link. */
	char *real = realpath(path, NULL);
	int folder = folder_lock(real ? real : path);
	int result = -1, saved_errno;

	*why = '\0';
	if (folder != -1)
		result = file_edit(real ? real : path, folder, edit, why, size);
	saved_errno = errno;
	if (result == -1 && *why == '\0')
		(void)snprintf(why, size, "%s: %s", path, strerror(saved_errno)); /* may be cut */
	if (folder != -1)
		(void)close(folder); /* what was written through it is synced */
	free(real);
	errno = saved_errno;
	return result;
}

int users_set(const char *path, const struct user *user, gid_t group, char *why, size_t size)
{
	struct edit edit = {.name = user->name, .user = user, .group = group};

	return users_edit(path, &edit, why, size);
}

int users_remove(const char *path, const char *name, char *why, size_t size)
{
	struct edit edit = {.name = name, .group = (gid_t)-1};

	if (users_edit(path, &edit, why, size) == 0)
		return 0;
	if (errno == ENOENT && users_exist(path))
		(void)snprintf(why, size, "%s: there is no user %s", path, name); /* may be cut */
	return -1;
}
