#ifndef KEEPER_BOOT_LEVELS_H
#define KEEPER_BOOT_LEVELS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * What the header pins of a Raspberry Pi do between power-on and the first program that drives
 * them: by themselves, and by config.txt. Bit 0 of a set is GPIO 0.
 */

#define BOOT_LINES 28 /* GPIO 0 to 27 are on the header */

/* GPIO 0 to 8 are pulled up, 9 to 27 down: BCM2835 ARM Peripherals, table 6-31. */
bool boot_line_is_pulled_up(unsigned offset);

/*
 * The lines that the gpio= lines of a config.txt drive high and low; a later one replaces an
 * earlier one. Conditions ([pi4], [all]) are not looked at. Reads to the end of the file.
 */
void boot_config_read(FILE *config, uint64_t *high, uint64_t *low);

#endif
