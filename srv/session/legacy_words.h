#ifndef SESSION_LEGACY_WORDS_H
#define SESSION_LEGACY_WORDS_H

#include <stddef.h>
#include "peer.h"
#include "session/wording.h"

/*
 * Answers in the words of the Python program: no codes, a command's own lines where its clients
 * look for them. An answer is made between begin and send, and goes out in one burst: the clients
 * stop reading when 10 ms pass without data.
 */
extern const struct wording legacy_wording;

void legacy_answer_begin(struct session *);
void legacy_answer_send(struct session *); /* without memory for it the session closes */

/* Add to the answer that the server ends the conversation, and why: "idle for too long". */
void legacy_end_say(const struct session *, const char *why);

/* Add to the answer. */
void legacy_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define LEGACY_ADDRESS_SIZE (PEER_TEXT_SIZE + sizeof("('', 65535)"))

/*
 * A slot's address in the form of a Python tuple: "192.168.1.20:50514" is ('192.168.1.20', 50514),
 * "[::1]:40123" is ('::1', 40123), and the peer of a Unix socket, which has no port,
 * ('unix pid 4711', 0). size is LEGACY_ADDRESS_SIZE. Returns text.
 */
char *legacy_address(const char *address, char *text, size_t size);

#endif
