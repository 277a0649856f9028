#ifndef GPIO_CHIPS_H
#define GPIO_CHIPS_H

#include <stdbool.h>
#include "chip.h"

/*
 * Chips and lines as the settings name them. Errors are sentences as of bank_open, in
 * BANK_ERROR_SIZE bytes.
 */

/* Is that the label of a Raspberry Pi's header chip? */
bool chips_label_is_header(const char *label);

/*
 * Call visit for each GPIO chip of the machine in the order of their numbers, with its path and
 * the open chip, or NULL and errno in why where it can't be opened. A visit that returns true ends
 * the walk and keeps the chip; else it is closed. Returns that chip, or NULL (errno 0: none
 * wanted).
 */
struct chip *chips_walk(bool (*visit)(void *context, const char *path, struct chip *, int why),
			void *context);

/* Open the chip named "auto", or by label, name or path. NULL with errno: ENODEV, EACCES, … */
struct chip *chips_select(const char *wanted, char *error);

/*
 * The offset of a line given by offset ("5") or by name ("GPIO5"), or -1 with errno: ENXIO no such
 * line.
 */
int chips_line(struct chip *, const char *wanted, char *error);

#endif
