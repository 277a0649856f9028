#ifndef GPIO_SURVEY_H
#define GPIO_SURVEY_H

#include <stdbool.h>
#include "bank.h"

/* What chips and lines there are, looked at without requesting any line: for `sprinkled -D`. */

#define SURVEY_CHIPS_MAX 32
#define SURVEY_NAME_SIZE 32

struct survey_chip {
	char path[64]; /* "/dev/gpiochip0" */
	char name[SURVEY_NAME_SIZE], label[SURVEY_NAME_SIZE];
	unsigned lines;
	bool header; /* a Raspberry Pi's 40-pin header */
	int why;     /* errno that kept it from being opened: no name, label and lines then */
};

struct survey_line {
	int offset;			 /* -1: the chip has no such line */
	char name[SURVEY_NAME_SIZE];	 /* "" none */
	bool used;			 /* by some program or the kernel */
	char consumer[SURVEY_NAME_SIZE]; /* by whom, "" unknown */
	char error[BANK_ERROR_SIZE];	 /* a sentence, with offset -1 */
};

struct survey {
	unsigned chip_count; /* beyond SURVEY_CHIPS_MAX none is listed */
	struct survey_chip chips[SURVEY_CHIPS_MAX];
	bool found; /* the configured chip is there: chosen, lines */
	struct survey_chip chosen;
	struct survey_line lines[BANK_LINES_MAX]; /* of the configured relays, in their order */
	char error[BANK_ERROR_SIZE];		  /* not found: a sentence */
};

/* Fill *survey. With chip "sim" only the chips of the machine are looked at. */
void survey_take(const struct bank_config *, struct survey *);

#endif
