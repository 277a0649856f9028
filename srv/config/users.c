/*
 * Names and passwords. Invariant: the time a check takes does not depend on whether the name or the
 * password is right, and no secret stays behind in memory.
 */
#include <bsd/string.h>
#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "config/user_line.h"
#include "config/users.h"
#include "config/whole_file.h"

/* A yescrypt setting of sprinkled-passwd's cost, for the work when the file holds no user at all.
 */
#define DUMMY_HASH "$y$j9T$jjjjjjjjjjjjjjjjjjjjj.$"

/* Make each line a string: they then follow each other up to text + length. */
static void lines_split(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n')
			text[i] = '\0';
}

/*
 * Find the user; every line is read whether or not an earlier one fits. A line that is wrong counts
 * for nothing. *work gets the hash to try the password on: the user's, else the first one, so that
 * an unknown name costs what a known one does.
 */
static bool user_find(char *text, size_t length, const char *name, struct user *work)
{
	bool known = false, any = false;
	struct user user;
	const char *why;

	(void)strlcpy(work->hash, DUMMY_HASH, sizeof(work->hash)); /* fits */
	lines_split(text, length);
	for (const char *line = text; line <= text + length; line += strlen(line) + 1) {
		if (user_line_parse(line, &user, &why) != 1)
			continue;
		bool same = strcmp(user.name, name) == 0;

		if (!any || (same && !known))
			*work = user;
		any = true;
		known = known || same;
	}
	explicit_bzero(&user, sizeof(user));
	return known;
}

/* Equal? Every byte is looked at, so the time does not tell where they differ. */
static bool hash_equal(const char a[USER_HASH_SIZE], const char b[USER_HASH_SIZE])
{
	unsigned differ = 0;

	for (size_t i = 0; i < USER_HASH_SIZE; i++)
		differ |= (unsigned char)a[i] ^ (unsigned char)b[i];
	return differ == 0;
}

/* Does the password give that hash? 1, 0, or -1 with errno when crypt(3) could not work. */
static int password_check(const char *password, const struct user *user)
{
	struct crypt_data *crypt_data = calloc(1, sizeof(*crypt_data)); /* 32 KiB */
	struct user tried = {0};
	const char *hash;
	int result;

	if (!crypt_data)
		return -1;
	hash = crypt_rn(password, user->hash, crypt_data, sizeof(*crypt_data));
	if (hash)
		(void)strlcpy(tried.hash, hash, sizeof(tried.hash)); /* fits: CRYPT_OUTPUT_SIZE */
	if (hash)
		result = hash_equal(tried.hash, user->hash);
	else
		result = errno == ERANGE ? 0 : -1; /* crypt(3): longer than any password can be */
	explicit_bzero(&tried, sizeof(tried));
	explicit_bzero(crypt_data, sizeof(*crypt_data));
	free(crypt_data);
	return result;
}

int users_check(const char *path, const char *name, const char *password, enum role *role)
{
	struct user work = {0};
	size_t length;
	char *text = whole_file_read(path, &length);
	bool known;
	int right;

	if (!text)
		return -1;
	known = user_find(text, length, name, &work);
	explicit_bzero(text, length);
	free(text);
	right = password_check(password, &work);
	if (known && right == 1)
		*role = work.role;
	else if (right != -1)
		errno = EACCES;
	explicit_bzero(&work, sizeof(work));
	return known && right == 1 ? 0 : -1;
}

bool users_exist(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* The number of the first line that names that user; there is one. */
static unsigned line_of(const char *text, const char *name)
{
	struct user user;
	const char *why;
	unsigned number = 1;

	for (const char *line = text;; line += strlen(line) + 1, number++)
		if (user_line_parse(line, &user, &why) == 1 && strcmp(user.name, name) == 0)
			return number;
}

static int complain(char *why, size_t size, const char *path, unsigned line, const char *sentence)
{
	(void)snprintf(why, size, "%s:%u: %s", path, line, sentence); /* a cut still helps */
	errno = EINVAL;
	return -1;
}

static int lines_verify(const char *path, char *text, size_t length, char *why, size_t size)
{
	unsigned number = 1;

	lines_split(text, length);
	for (const char *line = text; line <= text + length; line += strlen(line) + 1, number++) {
		struct user user;
		const char *sentence;
		int kind = user_line_parse(line, &user, &sentence);

		if (kind == -1)
			return complain(why, size, path, number, sentence);
		if (kind == 1 && line_of(text, user.name) != number)
			return complain(why, size, path, number,
					"this name stands in an earlier line already");
	}
	return 0;
}

/* Who may read the hashes can guess at the passwords, who may write them needs no guess. */
static int mode_verify(const char *path, char *why, size_t size)
{
	struct stat status;

	if (stat(path, &status) == -1) {
		(void)snprintf(why, size, "%s: %s", path, strerror(errno)); /* a cut still helps */
		return -1;
	}
	if (users_mode_loose(status.st_mode)) {
		(void)snprintf(why, size, "%s: mode %04o is too open; 0640 is right", path,
			       status.st_mode & 07777);
		errno = EINVAL;
		return -1;
	}
	return 0;
}

int users_verify(const char *path, char *why, size_t size)
{
	size_t length;
	char *text;
	int result;

	if (mode_verify(path, why, size) == -1)
		return -1;
	text = whole_file_read(path, &length);
	if (!text) {
		(void)snprintf(why, size, "%s: %s", path, strerror(errno)); /* a cut still helps */
		return -1;
	}
	result = lines_verify(path, text, length, why, size);
	explicit_bzero(text, length);
	free(text);
	return result;
}
