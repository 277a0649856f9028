#ifndef GPIO_BACKEND_H
#define GPIO_BACKEND_H

#include "bank.h"

/* What bank.c asks of a back-end; the functions mean what those of bank.h mean. */

struct backend {
	const char *chip; /* the setting that chooses it; NULL: every other one */
	void *(*open)(const struct bank_config *, char *error);
	int (*drive)(void *, uint64_t closed);
	int (*read)(void *, uint64_t *closed);
	const char *(*describe)(const void *);
	void (*close)(void *);
};

extern const struct backend sim_backend;
extern const struct backend gpiod_backend;

/* Put a sentence into error (BANK_ERROR_SIZE bytes) and number into errno. */
void bank_error(char *error, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
