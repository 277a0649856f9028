/*
 * chip.h by libgpiod 2.x. Invariant: reads and writes name every line of the request by its offset,
 * so that no order of the library's own matters.
 */

#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>
#include <bsd/string.h>
#include "chip.h"

struct chip {
	struct gpiod_chip *chip;
	struct gpiod_chip_info *info;
	struct gpiod_line_request *lines; /* NULL before the request */
	unsigned count, offsets[CHIP_LINES_MAX];
};

/* Every constructor of the library has failed with errno set when this is called. */
static struct chip *chip_abandon(struct chip *chip)
{
	int number = errno;

	chip_close(chip);
	errno = number;
	return NULL;
}

struct chip *chip_open(const char *path)
{
	struct chip *chip = calloc(1, sizeof(*chip));

	if (!chip)
		return NULL;
	chip->chip = gpiod_chip_open(path);
	if (!chip->chip)
		return chip_abandon(chip);
	chip->info = gpiod_chip_get_info(chip->chip);
	if (!chip->info)
		return chip_abandon(chip);
	return chip;
}

const char *chip_name(const struct chip *chip)
{
	return gpiod_chip_info_get_name(chip->info);
}

const char *chip_label(const struct chip *chip)
{
	return gpiod_chip_info_get_label(chip->info);
}

unsigned chip_line_count(const struct chip *chip)
{
	return (unsigned)gpiod_chip_info_get_num_lines(chip->info);
}

int chip_line(struct chip *chip, unsigned offset, struct chip_line *line)
{
	struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->chip, offset);
	const char *name, *consumer;

	if (!info)
		return -1;
	name = gpiod_line_info_get_name(info);
	consumer = gpiod_line_info_get_consumer(info);
	*line = (struct chip_line){.offset = offset, .used = gpiod_line_info_is_used(info)};
	strlcpy(line->name, name ? name : "", sizeof(line->name));
	strlcpy(line->consumer, consumer ? consumer : "", sizeof(line->consumer));
	gpiod_line_info_free(info);
	return 0;
}

int chip_find(struct chip *chip, const char *name)
{
	return gpiod_chip_get_line_offset_from_name(chip->chip, name);
}

/* Outputs, inactive, of the wanted polarity, for all offsets. NULL with errno. */
static struct gpiod_line_config *lines_configure(const struct chip_request *request)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	int failed = !settings || !config ||
		     gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) ||
		     gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE);

	if (!failed) {
		gpiod_line_settings_set_active_low(settings, request->active_low);
		failed = gpiod_line_config_add_line_settings(config, request->offsets,
							     request->count, settings);
	}
	gpiod_line_settings_free(settings);
	if (failed) {
		gpiod_line_config_free(config);
		return NULL;
	}
	return config;
}

int chip_request(struct chip *chip, const struct chip_request *request)
{
	struct gpiod_request_config *who = gpiod_request_config_new();
	struct gpiod_line_config *lines = lines_configure(request);
	int number;

	if (who && lines) {
		gpiod_request_config_set_consumer(who, request->consumer);
		chip->lines = gpiod_chip_request_lines(chip->chip, who, lines);
	}
	number = errno;
	gpiod_line_config_free(lines);
	gpiod_request_config_free(who);
	if (!chip->lines) {
		errno = number;
		return -1;
	}
	chip->count = request->count;
	memcpy(chip->offsets, request->offsets, sizeof(chip->offsets));
	return 0;
}

int chip_write(struct chip *chip, uint64_t active)
{
	enum gpiod_line_value values[CHIP_LINES_MAX];

	for (unsigned i = 0; i < chip->count; i++)
		values[i] = active >> i & 1 ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
	return gpiod_line_request_set_values_subset(chip->lines, chip->count, chip->offsets,
						    values);
}

int chip_read(struct chip *chip, uint64_t *active)
{
	enum gpiod_line_value values[CHIP_LINES_MAX];

	if (gpiod_line_request_get_values_subset(chip->lines, chip->count, chip->offsets, values))
		return -1;
	*active = 0;
	for (unsigned i = 0; i < chip->count; i++)
		*active |= (uint64_t)(values[i] == GPIOD_LINE_VALUE_ACTIVE) << i;
	return 0;
}

void chip_close(struct chip *chip)
{
	if (!chip)
		return;
	if (chip->lines)
		gpiod_line_request_release(chip->lines);
	gpiod_chip_info_free(chip->info);
	if (chip->chip)
		gpiod_chip_close(chip->chip);
	free(chip);
}
