/*
 * The bank: chooses a back-end by the chip's setting and hands everything on to it. A chip that was
 * asked for by name is never replaced by the simulation.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "backend.h"
#include "bank.h"

struct bank {
	const struct backend *backend;
	void *device; /* the back-end's own */
};

/* The last row takes whatever no other row names. */
static const struct backend *const backends[] = {&sim_backend, &gpiod_backend};

static const struct backend *backend_find(const char *chip)
{
	const size_t last = sizeof(backends) / sizeof(backends[0]) - 1;
	size_t i = 0;

	while (i < last && strcmp(backends[i]->chip, chip) != 0)
		i++;
	return backends[i];
}

void bank_error(char *error, int number, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(error, BANK_ERROR_SIZE, format, arguments); /* a cut sentence still helps */
	va_end(arguments);
	errno = number;
}

static int config_check(const struct bank_config *config, char *error)
{
	if (config->count < 1 || config->count > BANK_LINES_MAX) {
		bank_error(error, EINVAL, "%u relays: a bank has 1 to %d", config->count,
			   BANK_LINES_MAX);
		return -1;
	}
	if (config->sim_fault && *config->sim_fault && strcmp(config->chip, "sim") != 0) {
		bank_error(error, EINVAL,
			   "faults can be simulated with gpio: sim only, not with %s",
			   config->chip);
		return -1;
	}
	return 0;
}

struct bank *bank_open(const struct bank_config *config, char *error)
{
	struct bank *bank;

	if (config_check(config, error))
		return NULL;
	bank = calloc(1, sizeof(*bank));
	if (!bank) {
		bank_error(error, ENOMEM, "no memory for the relays");
		return NULL;
	}
	bank->backend = backend_find(config->chip);
	bank->device = bank->backend->open(config, error);
	if (!bank->device) {
		int number = errno;

		free(bank);
		errno = number;
		return NULL;
	}
	return bank;
}

int bank_drive(struct bank *bank, uint64_t closed)
{
	return bank->backend->drive(bank->device, closed);
}

int bank_read(struct bank *bank, uint64_t *closed)
{
	return bank->backend->read(bank->device, closed);
}

const char *bank_describe(const struct bank *bank)
{
	return bank->backend->describe(bank->device);
}

const char *bank_library(void)
{
	return GPIOD_LIBRARY;
}

void bank_close(struct bank *bank)
{
	if (!bank)
		return;
	bank->backend->close(bank->device);
	free(bank);
}
