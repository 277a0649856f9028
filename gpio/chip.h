#ifndef GPIO_CHIP_H
#define GPIO_CHIP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One GPIO chip through libgpiod. gpiod1.c (libgpiod 1.6) and gpiod2.c (2.x) each implement the
 * whole of this; the Makefile takes the one that fits. Values are logical: a set bit is active, and
 * bit 0 is the first line of the request.
 */

struct chip;

#define CHIP_NAME_SIZE 32 /* the kernel's GPIO_MAX_NAME_SIZE */
#define CHIP_LINES_MAX 64 /* lines of one request: the kernel's GPIO_V2_LINES_MAX */

struct chip_line {
	unsigned offset;
	char name[CHIP_NAME_SIZE];     /* "" when it has none */
	bool used;		       /* by another program or by the kernel itself */
	char consumer[CHIP_NAME_SIZE]; /* who says to use it, "" unknown */
};

struct chip_request {
	const char *consumer;
	bool active_low;
	unsigned count; /* 1 to CHIP_LINES_MAX */
	unsigned offsets[CHIP_LINES_MAX];
};

/* NULL with errno: ENOENT, EACCES, ENODEV or ENOTTY (no GPIO chip). */
struct chip *chip_open(const char *path);

/* "gpiochip0" and "pinctrl-bcm2835"; valid until chip_close. */
const char *chip_name(const struct chip *);
const char *chip_label(const struct chip *);
unsigned chip_line_count(const struct chip *);

/* Fill line with what the kernel knows of it. 0, or -1 with errno: EINVAL no such offset. */
int chip_line(struct chip *, unsigned offset, struct chip_line *line);

/* The first line of that name: its offset, or -1 with errno ENOENT. */
int chip_find(struct chip *, const char *name);

/*
 * Take all lines in one request as outputs, all inactive from the first instant. Once a chip.
 * 0, or -1 with errno: EBUSY one of them is in use, or the system's.
 */
int chip_request(struct chip *, const struct chip_request *);

/* All lines of the request at once. 0, or -1 with errno. */
int chip_write(struct chip *, uint64_t active);
int chip_read(struct chip *, uint64_t *active);

/* Releases the lines too. NULL is harmless. */
void chip_close(struct chip *);

#endif
