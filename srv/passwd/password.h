#ifndef PASSWD_PASSWORD_H
#define PASSWD_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

/* A new password: asked for, judged, hashed. The caller wipes it. */

#define PASSWORD_SIZE 256

/*
 * Ask for name's new password: twice at the terminal, or once on standard input. Returns 0, or -1
 * with *why, a constant sentence.
 */
int password_ask(const char *name, bool from_stdin, char password[PASSWORD_SIZE], const char **why);

/*
 * Can the password be sent by the command auth: 1 byte or more, UTF-8, no control character, no
 * double quote? 0, or -1 with *why.
 */
int password_judge(const char *password, const char **why);

/* Hash by yescrypt with a new salt, at the library's usual cost: crypt(5). 0, or -1 with errno. */
int password_hash(const char *password, char *hash, size_t size);

#endif
