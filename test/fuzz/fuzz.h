#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * What every fuzzer of this folder is: a function that tries one input and aborts when a reader
 * does what it must not. libFuzzer calls it (clang, -fsanitize=fuzzer), with any bytes.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The sanitizers find the rest; this is for what is wrong without being undefined. */
#define MUST(condition)           \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

/* The input as text with a NUL behind it, to be freed. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	MUST(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
