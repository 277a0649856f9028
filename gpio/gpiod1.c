/*
 * chip.h by libgpiod 1.6. Invariant: every write writes all lines of the request, since setting
 * one line of a bulk request writes 0 to all others.
 */

#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>
#include <bsd/string.h>
#include "chip.h"

struct chip {
	struct gpiod_chip *chip;
	struct gpiod_line_bulk lines; /* of the request; empty before */
};

struct chip *chip_open(const char *path)
{
	struct chip *chip = calloc(1, sizeof(*chip));

	if (!chip)
		return NULL;
	chip->chip = gpiod_chip_open(path);
	if (!chip->chip) {
		int number = errno;

		free(chip);
		errno = number;
		return NULL;
	}
	gpiod_line_bulk_init(&chip->lines);
	return chip;
}

const char *chip_name(const struct chip *chip)
{
	return gpiod_chip_name(chip->chip);
}

const char *chip_label(const struct chip *chip)
{
	return gpiod_chip_label(chip->chip);
}

unsigned chip_line_count(const struct chip *chip)
{
	return gpiod_chip_num_lines(chip->chip);
}

int chip_line(struct chip *chip, unsigned offset, struct chip_line *line)
{
	struct gpiod_line *found = gpiod_chip_get_line(chip->chip, offset);
	const char *name, *consumer;

	if (!found)
		return -1;
	name = gpiod_line_name(found);
	consumer = gpiod_line_consumer(found);
	*line = (struct chip_line){.offset = offset, .used = gpiod_line_is_used(found)};
	strlcpy(line->name, name ? name : "", sizeof(line->name));
	strlcpy(line->consumer, consumer ? consumer : "", sizeof(line->consumer));
	return 0;
}

int chip_find(struct chip *chip, const char *name)
{
	struct gpiod_line *found = gpiod_chip_find_line(chip->chip, name);

	return found ? (int)gpiod_line_offset(found) : -1;
}

int chip_request(struct chip *chip, const struct chip_request *request)
{
	int flags = request->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
	int inactive[CHIP_LINES_MAX] = {0};
	unsigned offsets[CHIP_LINES_MAX];

	/* A copy, as the library takes the offsets by a pointer to what it may change. */
	memcpy(offsets, request->offsets, sizeof(offsets));
	if (gpiod_chip_get_lines(chip->chip, offsets, request->count, &chip->lines))
		return -1;
	return gpiod_line_request_bulk_output_flags(&chip->lines, request->consumer, flags,
						    inactive);
}

int chip_write(struct chip *chip, uint64_t active)
{
	int values[CHIP_LINES_MAX] = {0};

	for (unsigned i = 0; i < gpiod_line_bulk_num_lines(&chip->lines); i++)
		values[i] = active >> i & 1;
	return gpiod_line_set_value_bulk(&chip->lines, values);
}

int chip_read(struct chip *chip, uint64_t *active)
{
	int values[CHIP_LINES_MAX] = {0};

	if (gpiod_line_get_value_bulk(&chip->lines, values))
		return -1;
	*active = 0;
	for (unsigned i = 0; i < gpiod_line_bulk_num_lines(&chip->lines); i++)
		*active |= (uint64_t)(values[i] != 0) << i;
	return 0;
}

void chip_close(struct chip *chip)
{
	if (!chip)
		return;
	gpiod_chip_close(chip->chip);
	free(chip);
}
