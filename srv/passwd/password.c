/* New passwords. Invariant: no copy stays behind but the caller's. */
#include <bsd/readpassphrase.h>
#include <bsd/string.h>
#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>
#include "config/users.h"
#include "passwd/password.h"

static int refuse(const char **why, const char *sentence)
{
	*why = sentence;
	return -1;
}

int password_judge(const char *password, const char **why)
{
	const unsigned char *bytes = (const unsigned char *)password;

	if (*bytes == '\0')
		return refuse(why, "the password is empty");
	if (u8_check(bytes, strlen(password)) != NULL)
		return refuse(why, "the password is not UTF-8");
	for (; *bytes != '\0'; bytes++)
		if (*bytes < ' ' || *bytes == 0x7f || *bytes == '"')
			return refuse(why, "a password holds no control character and no \"");
	return 0;
}

/* readpassphrase(3) drops what does not fit; one byte of room shows that something did not. */
static int line_ask(const char *prompt, int flags, char password[PASSWORD_SIZE], const char **why)
{
	char line[PASSWORD_SIZE + 1];
	int result = 0;

	if (!readpassphrase(prompt, line, sizeof(line), flags))
		result = refuse(why, "no password could be read");
	else if (strlcpy(password, line, PASSWORD_SIZE) >= PASSWORD_SIZE)
		result = refuse(why, "the password is longer than 255 bytes");
	explicit_bzero(line, sizeof(line));
	return result;
}

int password_ask(const char *name, bool from_stdin, char password[PASSWORD_SIZE], const char **why)
{
	char prompt[USER_NAME_SIZE + 32], again[PASSWORD_SIZE];
	int result = 0;

	if (from_stdin)
		return line_ask("", RPP_STDIN, password, why);
	(void)snprintf(prompt, sizeof(prompt), "New password for %s: ", name); /* fits */
	if (line_ask(prompt, RPP_REQUIRE_TTY, password, why) == -1 ||
	    line_ask("Once more: ", RPP_REQUIRE_TTY, again, why) == -1)
		result = -1;
	else if (strcmp(password, again) != 0)
		result = refuse(why, "the two passwords differ");
	explicit_bzero(again, sizeof(again));
	return result;
}

int password_hash(const char *password, char *hash, size_t size)
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *crypt_data = calloc(1, sizeof(*crypt_data)); /* 32 KiB */
	const char *output = NULL;

	if (!crypt_data)
		return -1;
	if (crypt_gensalt_rn("$y$", 0, NULL, 0, salt, sizeof(salt)))
		output = crypt_rn(password, salt, crypt_data, sizeof(*crypt_data));
	if (output && strlcpy(hash, output, size) >= size) {
		output = NULL;
		errno = ERANGE;
	}
	explicit_bzero(crypt_data, sizeof(*crypt_data));
	free(crypt_data);
	return output ? 0 : -1;
}
