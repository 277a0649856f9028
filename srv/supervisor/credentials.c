/*
 * credentials.c: see credentials.h. libtls itself looks at them in sprinkled-tls.
 */
#include "supervisor/credentials.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/endpoint.h"
#include "config/whole_file.h"
#include "supervisor/memory_file.h"
#include "supervisor/program.h"

enum { CHECK_LIMIT_MS = 10000 };

static const char remedy[] = "sprinkled-cert(8) makes a certificate and its key";

static bool tls_is_wanted(const struct settings *settings)
{
	struct endpoint endpoint;
	const char *why;

	for (unsigned i = 0; i < settings->listen_count; i++)
		if (endpoint_parse(settings->listen[i], &endpoint, &why) == 0 && endpoint.tls)
			return true;
	return false;
}

/* A file's content as a memory file, no copy of it left. -1 with a sentence in error. */
static int file_take(const char *setting, const char *path, char *error, size_t size)
{
	size_t length;
	char *bytes = whole_file_read(path, &length);

	if (!bytes) {
		snprintf(error, size, "%s: %s: %s; %s", setting, path, strerror(errno), remedy);
		return -1;
	}
	int fd = memory_file_make(setting, bytes, length);
	if (fd == -1)
		snprintf(error, size, "%s: %s", setting, strerror(errno));
	explicit_bzero(bytes, length);
	free(bytes);
	return fd;
}

/* Whoever has the key is the server to every client. */
static int key_mode_check(const char *path, char *error, size_t size)
{
	struct stat status;

	if (stat(path, &status) == 0 && (status.st_mode & (S_IWGRP | S_IRWXO))) {
		snprintf(error, size, "tls_key: %s: mode %04o is too open; 0600 or 0640 is right",
			 path, status.st_mode & 07777);
		return -1;
	}
	return 0; /* a file that is not there is told of when it is read */
}

/* Does libtls take them? 0, or -1 with a sentence in error. */
static int pair_check(const struct settings *settings, const struct credentials *pair, char *error,
		      size_t size)
{
	char why[256] = "sprinkled-tls could not be asked";
	int answer = memfd_create("sprinkled-answer", MFD_CLOEXEC);
	const int descriptors[] = {pair->certificate, pair->key, answer};

	if (answer == -1) {
		snprintf(error, size, "tls_cert: %s", strerror(errno));
		return -1;
	}
	int status = program_run(PROGRAM_TLS, "check", descriptors, 3, CHECK_LIMIT_MS);
	ssize_t length = pread(answer, why, sizeof(why) - 1, 0);
	close(answer);
	if (status == 0)
		return 0;
	if (length > 0)
		why[length] = '\0';
	snprintf(error, size, "tls_cert: %s with tls_key %s: %s; %s", settings->tls_cert,
		 settings->tls_key, why, remedy);
	return -1;
}

int credentials_load(const struct settings *settings, struct credentials *credentials, char *error,
		     size_t size)
{
	struct credentials pair = NO_CREDENTIALS;

	if (!tls_is_wanted(settings))
		return 0;
	if (program_open(PROGRAM_TLS) == -1) {
		snprintf(error, size, "%s: %s", program_name(PROGRAM_TLS), strerror(errno));
		return -1;
	}
	pair.certificate = file_take("tls_cert", settings->tls_cert, error, size);
	if (pair.certificate != -1 && key_mode_check(settings->tls_key, error, size) == 0)
		pair.key = file_take("tls_key", settings->tls_key, error, size);
	if (pair.key == -1 || pair_check(settings, &pair, error, size) == -1) {
		credentials_close(&pair);
		return -1;
	}
	credentials_close(credentials);
	*credentials = pair;
	return 0;
}

void credentials_close(struct credentials *credentials)
{
	if (credentials->certificate == -1 && credentials->key == -1)
		return; /* and nothing is written: most sessions share this page with the supervisor
			 */
	if (credentials->certificate != -1)
		close(credentials->certificate);
	if (credentials->key != -1)
		close(credentials->key);
	*credentials = NO_CREDENTIALS;
}
