/* Looks at chips and lines and changes nothing: no line is ever requested here. */

#include <stdio.h>
#include <string.h>
#include <bsd/string.h>
#include "chips.h"
#include "survey.h"

/* Names that are longer are cut: they are only shown. */
static void chip_describe(struct survey_chip *found, const char *path, const struct chip *chip)
{
	strlcpy(found->path, path, sizeof(found->path));
	strlcpy(found->name, chip_name(chip), sizeof(found->name));
	strlcpy(found->label, chip_label(chip), sizeof(found->label));
	found->lines = chip_line_count(chip);
	found->header = chips_label_is_header(chip_label(chip));
}

static bool chip_visit(void *context, const char *path, struct chip *chip, int why)
{
	struct survey *survey = context;
	struct survey_chip *found = &survey->chips[survey->chip_count];

	if (survey->chip_count == SURVEY_CHIPS_MAX)
		return false;
	survey->chip_count++;
	if (chip)
		chip_describe(found, path, chip);
	else
		*found = (struct survey_chip){.why = why};
	strlcpy(found->path, path, sizeof(found->path));
	return false;
}

static void line_survey(struct chip *chip, const char *wanted, struct survey_line *line)
{
	struct chip_line known;

	line->offset = chips_line(chip, wanted, line->error);
	if (line->offset < 0 || chip_line(chip, (unsigned)line->offset, &known))
		return;
	line->used = known.used;
	strlcpy(line->name, known.name, sizeof(line->name));
	strlcpy(line->consumer, known.consumer, sizeof(line->consumer));
}

void survey_take(const struct bank_config *config, struct survey *survey)
{
	struct chip *chip;
	char path[SURVEY_NAME_SIZE + sizeof("/dev/")];

	*survey = (struct survey){.found = false};
	(void)chips_walk(chip_visit, survey); /* no visit keeps a chip */
	if (strcmp(config->chip, "sim") == 0)
		return;
	chip = chips_select(config->chip, survey->error);
	if (!chip)
		return;
	survey->found = true;
	(void)snprintf(path, sizeof(path), "/dev/%s", chip_name(chip)); /* fits */
	chip_describe(&survey->chosen, *config->chip == '/' ? config->chip : path, chip);
	for (unsigned i = 0; i < config->count; i++)
		line_survey(chip, config->lines[i], &survey->lines[i]);
	chip_close(chip);
}
