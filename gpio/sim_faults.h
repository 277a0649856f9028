#ifndef GPIO_SIM_FAULTS_H
#define GPIO_SIM_FAULTS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* The words of sim_fault (see bank.h), read. Plain values. */

struct sim_faults {
	uint64_t stuck_open, stuck_closed;	 /* bit 0 is relay 1 */
	int open_errno, drive_errno, read_errno; /* 0 none */
	bool vanish;
	uint64_t after;			      /* drives and reads before the faults begin */
	uint64_t times;			      /* for how many they last */
	char file[PATH_MAX];		      /* more faults, "" none */
	char pins[PATH_MAX], trace[PATH_MAX]; /* witnesses, "" none */
};

/*
 * Read words (NULL: none) for a bank of count relays. 0, or -1 with errno EINVAL and a sentence in
 * error (BANK_ERROR_SIZE bytes) that names the word and says what is right.
 */
int sim_faults_parse(const char *words, unsigned count, struct sim_faults *, char *error);

/*
 * The faults of this instant: those of base, and those of its file if there is one. 0, or -1 with
 * errno: EINVAL a wrong word in the file, E2BIG it is longer than 1,023 bytes, or the system's.
 */
int sim_faults_now(const struct sim_faults *base, unsigned count, struct sim_faults *now);

#endif
