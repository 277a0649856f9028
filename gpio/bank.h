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

#define BANK_LINES_MAX	64
#define BANK_ERROR_SIZE 256

struct bank_config {
	const char *chip;     /* "sim", "auto", or a chip's label, name ("gpiochip0") or path */
	const char *consumer; /* name shown by gpioinfo(1) */
	bool active_low;      /* a closed relay is a low line */
	unsigned count;	      /* relays, 1 to BANK_LINES_MAX */
	const char *lines[BANK_LINES_MAX]; /* "5" an offset, or a line's name "GPIO5" */
	const char *sim_fault; /* "sim" only: faults and witnesses, see below; NULL or "" none */
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

/*
 * sim_fault is a list of words, apart by blanks or commas.
 * Faults, which hold from the start unless after= or times= says otherwise:
 *   stuck=N:open, stuck=N:closed   the pin of relay N (from 1) stays so, whatever is driven
 *   open=E, drive=E, read=E        that operation fails with errno E, by name: drive=EIO
 *   vanish                         ENODEV from now on, until the bank is opened again
 *   after=N                        the faults begin after N drives and reads
 *   times=N                        and last for N drives and reads
 *   file=PATH                      more faults from this file, read again before each operation, so
 *                                  that a running server can be hurt; no file, no fault
 * Witnesses, which show the pins to others and outlive the process as a Pi's pins do:
 *   pins=PATH    one character a relay, '0' open or '1' closed, and a newline; the file is locked
 *                (flock(2)) as the kernel holds a requested line: a second opener gets EBUSY
 *   trace=PATH   a line is appended for each change of the pins: realtime in seconds with nine
 *                decimals, a blank, the pins as above
 */

#endif
