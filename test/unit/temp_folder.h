#ifndef UNIT_TEMP_FOLDER_H
#define UNIT_TEMP_FOLDER_H

/*
 * A folder of its own for each test of files, and what is needed to look into them. Static, since a
 * unit test is one source file; each uses what it needs. Include after <cmocka.h>.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAYBE_UNUSED __attribute__((unused))

static char folder[64];

MAYBE_UNUSED static int folder_make(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/unit_test.XXXXXX"); /* fits */
	return mkdtemp(folder) != NULL ? 0 : -1;
}

/* Remove the folder and the files in it. */
MAYBE_UNUSED static int folder_remove(void **state)
{
	DIR *entries = opendir(folder);
	struct dirent *entry = NULL;

	(void)state;
	if (entries == NULL)
		return -1;
	while ((entry = readdir(entries)) != NULL)
		(void)unlinkat(dirfd(entries), entry->d_name, 0); /* rmdir tells what stayed */
	return closedir(entries) == 0 ? rmdir(folder) : -1;
}

/* The path of a file in the folder, good until the next call. */
MAYBE_UNUSED static char *path_of(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name); /* names are short */
	return path;
}

/* All of a file, good until the next call. */
MAYBE_UNUSED static char *text_of(const char *name)
{
	static char text[1 << 20];
	int fd = open(path_of(name), O_RDONLY | O_CLOEXEC);
	ssize_t length = 0;

	assert_true(fd != -1);
	length = read(fd, text, sizeof(text) - 1);
	assert_true(length >= 0 && (size_t)length < sizeof(text) - 1);
	assert_int_equal(close(fd), 0);
	text[length] = '\0';
	return text;
}

MAYBE_UNUSED static void file_write(const char *name, const char *text, size_t length)
{
	FILE *file = fopen(path_of(name), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* A limit on a file's size makes write(2) behave as on a full disk: a part, then nothing. */
MAYBE_UNUSED static void size_limit(rlim_t bytes)
{
	struct rlimit limit;

	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

MAYBE_UNUSED static void assert_matches(const char *text, const char *pattern)
{
	regex_t regex;
	int result = 0;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	result = regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	if (result != 0)
		fail_msg("<%s> does not match %s", text, pattern);
}

#endif
