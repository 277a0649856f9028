#ifndef TLS_KEYPAIR_H
#define TLS_KEYPAIR_H

#include <stddef.h>

struct tls;

/*
 * A server side of libtls, TLS 1.2 and 1.3, with the certificate and the key that the two
 * descriptors hold in PEM; of the bytes read nothing stays in memory but what libtls works with.
 * NULL with a sentence in error, libtls's words.
 */
struct tls *keypair_load(int certificate, int key, char *error, size_t size);

#endif
