/* RELAYS: the first byte of the input is the number of relays, the rest the words. */

#include <errno.h>
#include "fuzz.h"
#include "printable.h"
#include "relay_set.h"
#include "words.h"

/* What is said about the input is shown to people: nothing unprintable may be in it. */
static void must_be_printable(const char *text)
{
	char shown[PRINTABLE_SIZE(sizeof(((struct relay_set *)0)->left_out))];
	const char *backslash = strchr(text, '\\');

	printable_format(text, shown, sizeof(shown));
	MUST(backslash != NULL || strcmp(text, shown) == 0);
}

/* A set as written is read as the same set. */
static void must_come_back(uint64_t relays)
{
	char text[RELAYS_TEXT_SIZE];
	char *words[WORDS_MAX];
	struct relay_set set;
	int count = words_split(relay_set_format(relays, text, sizeof(text)), words, WORDS_MAX);

	MUST(count > 0);
	MUST(relay_set_parse(words, (size_t)count, RELAYS_MAX, &set) == 0);
	MUST(set.relays == relays && set.left_out[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned relay_count = size > 0 ? data[0] % RELAYS_MAX + 1 : 1;
	char *text = fuzz_text(data + (size > 0), size - (size > 0));
	char *words[WORDS_MAX];
	struct relay_set set;
	int count = words_split(text, words, WORDS_MAX);

	if (count >= 0) {
		int result = 0;

		errno = 0;
		result = relay_set_parse(words, (size_t)count, relay_count, &set);
		MUST(result == 0 ? set.relays != 0
				 : set.relays == 0 && (errno == EINVAL || errno == ENOENT));
		MUST(relay_count == RELAYS_MAX || set.relays >> relay_count == 0);
		MUST(memchr(set.left_out, '\0', sizeof(set.left_out)) != NULL);
		must_be_printable(set.left_out);
		if (result == 0)
			must_come_back(set.relays);
	}
	free(text);
	return 0;
}
