/*
 * The back-end for real relays: the lines of one chip, through chip.h. All lines are requested
 * together, open, and always written together.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "backend.h"
#include "chip.h"
#include "chips.h"

struct gpiod {
	struct chip *chip;
	char description[BANK_ERROR_SIZE];
};

_Static_assert(BANK_LINES_MAX <= CHIP_LINES_MAX, "a bank is one request");

/* Turn the configured lines into offsets, each used once. 0, or -1 with errno and a sentence. */
static int lines_resolve(struct chip *chip, const struct bank_config *config,
			 struct chip_request *request, char *error)
{
	for (unsigned i = 0; i < config->count; i++) {
		int offset = chips_line(chip, config->lines[i], error);

		if (offset < 0)
			return -1;
		for (unsigned j = 0; j < i; j++) {
			if (request->offsets[j] != (unsigned)offset)
				continue;
			bank_error(error, EINVAL, "relays %u and %u are both on line %d of %s",
				   j + 1, i + 1, offset, chip_label(chip));
			return -1;
		}
		request->offsets[i] = (unsigned)offset;
	}
	return 0;
}

/* The kernel says only that one of the lines is in use: find which, and by whom. */
static void error_busy(struct chip *chip, const struct chip_request *request, char *error)
{
	for (unsigned i = 0; i < request->count; i++) {
		struct chip_line line;

		if (chip_line(chip, request->offsets[i], &line) || !line.used)
			continue;
		bank_error(error, EBUSY,
			   "line %u%s%s of %s (%s) for relay %u is in use by \"%s\": end that "
			   "program, or give the relay another line",
			   line.offset, *line.name ? " " : "", line.name, chip_label(chip),
			   chip_name(chip), i + 1, *line.consumer ? line.consumer : "?");
		return;
	}
	bank_error(error, EBUSY, "a line of %s (%s) was in use a moment ago: try again",
		   chip_label(chip), chip_name(chip));
}

static int lines_request(struct chip *chip, const struct chip_request *request, char *error)
{
	int number;

	if (chip_request(chip, request) == 0)
		return 0;
	number = errno;
	if (number == EBUSY)
		error_busy(chip, request, error);
	else
		bank_error(error, number, "can't have the lines of %s (%s): %s", chip_label(chip),
			   chip_name(chip), strerror(number));
	return -1;
}

static void *gpiod_open(const struct bank_config *config, char *error)
{
	struct chip_request request = {.consumer = config->consumer,
				       .active_low = config->active_low,
				       .count = config->count};
	struct gpiod *gpiod;
	struct chip *chip = chips_select(config->chip, error);
	int number;

	if (!chip)
		return NULL;
	if (lines_resolve(chip, config, &request, error) || lines_request(chip, &request, error))
		goto close_chip;
	gpiod = calloc(1, sizeof(*gpiod));
	if (!gpiod) {
		bank_error(error, ENOMEM, "no memory for the relays");
		goto close_chip;
	}
	gpiod->chip = chip;
	(void)snprintf(gpiod->description, sizeof(gpiod->description), "%s, %s (%s)",
		       bank_library(), chip_label(chip), chip_name(chip));
	return gpiod;

close_chip:
	number = errno;
	chip_close(chip);
	errno = number;
	return NULL;
}

static int gpiod_drive(void *device, uint64_t closed)
{
	struct gpiod *gpiod = device;

	return chip_write(gpiod->chip, closed);
}

static int gpiod_read(void *device, uint64_t *closed)
{
	struct gpiod *gpiod = device;

	return chip_read(gpiod->chip, closed);
}

static const char *gpiod_describe(const void *device)
{
	const struct gpiod *gpiod = device;

	return gpiod->description;
}

static void gpiod_close(void *device)
{
	struct gpiod *gpiod = device;

	chip_close(gpiod->chip);
	free(gpiod);
}

const struct backend gpiod_backend = {
	.chip = NULL,
	.open = gpiod_open,
	.drive = gpiod_drive,
	.read = gpiod_read,
	.describe = gpiod_describe,
	.close = gpiod_close,
};
