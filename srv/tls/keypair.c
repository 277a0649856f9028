/*
 * keypair.c: from PEM to a context that can accept.
 */
#include "tls/keypair.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tls.h>
#include <unistd.h>

typedef int pem_setter(struct tls_config *, const uint8_t *pem, size_t length);

/* Hand a file's bytes to libtls, which copies them. 0, or -1: see tls_config_error or errno. */
static int pem_give(struct tls_config *config, pem_setter *set, int descriptor)
{
	struct stat status;
	int given = -1;

	if (fstat(descriptor, &status) == -1)
		return -1;
	size_t length = (size_t)status.st_size;
	uint8_t *pem = malloc(length + 1);
	if (!pem)
		return -1;
	if (pread(descriptor, pem, length, 0) == (ssize_t)length)
		given = set(config, pem, length);
	explicit_bzero(pem, length);
	free(pem);
	return given;
}

static struct tls_config *config_make(int certificate, int key, char *error, size_t size)
{
	struct tls_config *config = tls_config_new();

	if (!config) {
		(void)strlcpy(error, strerror(ENOMEM), size); /* cut is fine */
		return NULL;
	}
	if (tls_config_set_protocols(config, TLS_PROTOCOL_TLSv1_2 | TLS_PROTOCOL_TLSv1_3) == 0 &&
	    pem_give(config, tls_config_set_cert_mem, certificate) == 0 &&
	    pem_give(config, tls_config_set_key_mem, key) == 0)
		return config;
	const char *why = tls_config_error(config);
	(void)strlcpy(error, why ? why : strerror(errno), size); /* cut is fine */
	tls_config_free(config);
	return NULL;
}

struct tls *keypair_load(int certificate, int key, char *error, size_t size)
{
	struct tls_config *config = config_make(certificate, key, error, size);
	struct tls *server = config ? tls_server() : NULL;

	if (config && !server)
		(void)strlcpy(error, strerror(ENOMEM), size); /* cut is fine */
	if (server && tls_configure(server, config) == -1) {
		const char *why = tls_error(server);
		(void)strlcpy(error, why ? why : "unusable", size); /* cut is fine */
		tls_free(server);
		server = NULL;
	}
	if (config)
		tls_config_clear_keys(config);
	tls_config_free(config);
	return server;
}
