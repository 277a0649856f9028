#ifndef GPIO_BANK_H
#define GPIO_BANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A bank of relays on the lines of one chip. Sets are by relay: bit 0 is relay 1; a set bit means
 * closed (water on), whatever the polarity. The library prints nothing and never exits.
 */

struct bank;

#define BANK_LINES_MAX 64
#define BANK_ERROR_SIZE 256

struct bank_config {
	const char *chip;     /* "sim", "auto", or a chip's label, name ("gpiochip0") or path */
	const char *consumer; /* name shown by gpioinfo(1) */
	bool active_low;      /* a closed relay is a low line */
	unsigned count;       /* relays, 1 to BANK_LINES_MAX */
	const char *lines[BANK_LINES_MAX]; /* "5" an offset, or a line's name "GPIO5" */
	const char *sim_fault; /* "sim" only: faults to inject, see sim.c; NULL or "" none */
};

/*
 * Request every line in one request as outputs, all relays open. Returns NULL with errno (ENODEV no
 * such chip, ENXIO no such line, EBUSY a line is in use, EINVAL, or the system's) and a sentence in
 * error (BANK_ERROR_SIZE bytes) that names chip, line and what to do.
 */
struct bank *bank_open(const struct bank_config *, char *error);

/* Drive all lines at once. 0, or -1 with errno: EIO or the system's. */
int bank_drive(struct bank *, uint64_t closed);

/* Read the pins. 0, or -1 with errno. */
int bank_read(struct bank *, uint64_t *closed);

/* "simulated", or "libgpiod 2.2.1, pinctrl-bcm2835 (gpiochip0)". Valid until bank_close. */
const char *bank_describe(const struct bank *);

/* "libgpiod 1.6.3": what this build can drive. A constant. */
const char *bank_library(void);

/* Opens no relay by itself: drive 0 first. NULL is harmless. */
void bank_close(struct bank *);

#endif
