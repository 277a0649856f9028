/*
 * Finds chips by label, name or path. A chip's number means nothing: it changes with the kernel, as
 * on the Raspberry Pi 5, whose header chip was number 4 and is number 0 now.
 */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "backend.h"
#include "chips.h"

/* The chips behind the 40-pin header: Pi 0 to 3, Pi 4, Pi 5. */
static const char *const header_labels[] = {"pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"};

bool chips_label_is_header(const char *label)
{
	for (size_t i = 0; i < sizeof(header_labels) / sizeof(*header_labels); i++)
		if (strcmp(label, header_labels[i]) == 0)
			return true;
	return false;
}

static int name_is_chip(const struct dirent *entry)
{
	return strncmp(entry->d_name, "gpiochip", strlen("gpiochip")) == 0;
}

/* Links are left out: some systems keep a chip's old name as one, and it would be met twice. */
static bool path_is_device(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISCHR(status.st_mode);
}

struct chip *chips_walk(bool (*visit)(void *context, const char *path, struct chip *, int why),
			void *context)
{
	struct dirent **entries;
	struct chip *kept = NULL;
	int count = scandir("/dev", &entries, name_is_chip, versionsort);

	if (count < 0)
		return NULL;
	for (int i = 0; i < count; i++) {
		char path[sizeof("/dev/") + NAME_MAX];

		(void)snprintf(path, sizeof(path), "/dev/%s", entries[i]->d_name); /* fits */
		free(entries[i]);
		if (kept || !path_is_device(path))
			continue;
		struct chip *chip = chip_open(path);
		if (visit(context, path, chip, chip ? 0 : errno))
			kept = chip;
		else
			chip_close(chip);
	}
	free(entries);
	errno = 0;
	return kept;
}

/* What chips_select looks for, and what kept it from looking everywhere. */
struct search {
	const char *wanted;
	bool header; /* the setting is "auto" */
	char locked_path[PATH_MAX];
	int locked_errno; /* the last chip that could not be opened; 0 none */
};

static bool search_visit(void *context, const char *path, struct chip *chip, int why)
{
	struct search *search = context;

	if (!chip) {
		search->locked_errno = why;
		(void)snprintf(search->locked_path, sizeof(search->locked_path), "%s", path);
		return false;
	}
	if (search->header)
		return chips_label_is_header(chip_label(chip));
	return strcmp(search->wanted, chip_label(chip)) == 0 ||
	       strcmp(search->wanted, chip_name(chip)) == 0;
}

static void error_open(char *error, const char *path, int number)
{
	if (number == EACCES || number == EPERM)
		bank_error(error, EACCES,
			   "no permission to open %s: add the server's user to the device's group",
			   path);
	else
		bank_error(error, number, "can't open %s as a GPIO chip: %s", path,
			   strerror(number));
}

struct chip *chips_select(const char *wanted, char *error)
{
	struct search search = {.wanted = wanted, .header = strcmp(wanted, "auto") == 0};
	struct chip *chip;

	if (*wanted == '/') {
		chip = chip_open(wanted);
		if (!chip)
			error_open(error, wanted, errno);
		return chip;
	}
	chip = chips_walk(search_visit, &search);
	if (chip)
		return chip;
	if (search.locked_errno)
		error_open(error, search.locked_path, search.locked_errno);
	else if (search.header)
		bank_error(error, ENODEV,
			   "no Raspberry Pi header chip on this machine: set gpio to a chip's "
			   "label, name or path, or to sim");
	else
		bank_error(error, ENODEV,
			   "no GPIO chip has the label or name %s: sprinkled -D lists the chips",
			   wanted);
	return NULL;
}

int chips_line(struct chip *chip, const char *wanted, char *error)
{
	char *end;
	unsigned long offset;
	int found;

	if (!isdigit((unsigned char)*wanted)) {
		found = chip_find(chip, wanted);
		if (found < 0)
			bank_error(error, ENXIO, "no line of %s (%s) has the name %s",
				   chip_label(chip), chip_name(chip), wanted);
		return found;
	}
	errno = 0;
	offset = strtoul(wanted, &end, 10);
	if (errno || *end || offset >= chip_line_count(chip)) {
		bank_error(error, ENXIO, "%s (%s) has no line %s: its lines are 0 to %u",
			   chip_label(chip), chip_name(chip), wanted, chip_line_count(chip) - 1);
		return -1;
	}
	return (int)offset;
}
