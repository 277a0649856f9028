/*
 * Simulated relays in memory, with the faults and witnesses of bank.h. Invariant: a witness shows a
 * change of the pins before the drive that made it returns.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include "backend.h"
#include "sim_faults.h"

struct sim {
	struct sim_faults faults; /* as set; what holds now is computed for each operation */
	unsigned count;
	uint64_t driven, shown; /* what was driven; the pins as the witnesses last saw them */
	uint64_t operations;	/* drives and reads since the bank was opened */
	bool vanished;
	int pins, trace; /* witnesses, -1 none */
};

/* The pins as faults let them follow what is driven. */
static uint64_t sim_pins(const struct sim *sim, const struct sim_faults *faults)
{
	return (sim->driven & ~faults->stuck_open) | faults->stuck_closed;
}

/* "01000000\n" for relay 2 closed. Returns its length. */
static size_t pins_format(uint64_t pins, unsigned count, char text[BANK_LINES_MAX + 2])
{
	for (unsigned i = 0; i < count; i++)
		text[i] = pins >> i & 1 ? '1' : '0';
	text[count] = '\n';
	text[count + 1] = '\0';
	return count + 1;
}

/* Write whole or fail: a witness that misses something would be worse than none. */
static int write_whole(ssize_t written, size_t length)
{
	if (written >= 0 && (size_t)written != length) {
		errno = EIO;
		return -1;
	}
	return written < 0 ? -1 : 0;
}

static int pins_witness(const struct sim *sim, uint64_t pins)
{
	char text[BANK_LINES_MAX + 2];
	size_t length = pins_format(pins, sim->count, text);

	if (sim->pins < 0)
		return 0;
	return write_whole(pwrite(sim->pins, text, length, 0), length);
}

static int trace_witness(const struct sim *sim, uint64_t pins)
{
	char text[BANK_LINES_MAX + 2], line[BANK_LINES_MAX + 64];
	struct timespec now;
	int length;

	if (sim->trace < 0)
		return 0;
	if (clock_gettime(CLOCK_REALTIME, &now))
		return -1;
	(void)pins_format(pins, sim->count, text); /* its length is not needed */
	length = snprintf(line, sizeof(line), "%jd.%09ld %s", (intmax_t)now.tv_sec, now.tv_nsec,
			  text);
	return write_whole(write(sim->trace, line, (size_t)length), (size_t)length);
}

static int pins_show(struct sim *sim, uint64_t pins)
{
	if (pins == sim->shown)
		return 0;
	if (pins_witness(sim, pins) || trace_witness(sim, pins))
		return -1;
	sim->shown = pins;
	return 0;
}

/* Count an operation and find the faults that hold for it. 0, or -1 with errno. */
static int operation_begin(struct sim *sim, struct sim_faults *faults)
{
	uint64_t number = sim->operations++;

	if (sim_faults_now(&sim->faults, sim->count, faults))
		return -1;
	if (number < faults->after || number - faults->after >= faults->times)
		*faults = (struct sim_faults){.times = 0};
	if (faults->vanish)
		sim->vanished = true;
	if (sim->vanished) {
		errno = ENODEV;
		return -1;
	}
	return 0;
}

static int sim_drive(void *device, uint64_t closed)
{
	struct sim *sim = device;
	struct sim_faults faults;

	if (operation_begin(sim, &faults))
		return -1;
	if (faults.drive_errno) {
		errno = faults.drive_errno;
		return -1;
	}
	sim->driven = closed;
	return pins_show(sim, sim_pins(sim, &faults));
}

/* A pin that sticks from this instant on is seen, and shown, by the first read that meets it. */
static int sim_read(void *device, uint64_t *closed)
{
	struct sim *sim = device;
	struct sim_faults faults;

	if (operation_begin(sim, &faults))
		return -1;
	if (faults.read_errno) {
		errno = faults.read_errno;
		return -1;
	}
	*closed = sim_pins(sim, &faults);
	return pins_show(sim, *closed);
}

/* -1 and a sentence, or 0 with *witness the descriptor, -1 where no path is set. */
static int witness_open(const char *path, int flags, int *witness, char *error)
{
	*witness = -1;
	if (!*path)
		return 0;
	*witness = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
	if (*witness >= 0)
		return 0;
	bank_error(error, errno, "can't write %s of sim_fault: %s", path, strerror(errno));
	return -1;
}

static int witnesses_open(struct sim *sim, char *error)
{
	if (witness_open(sim->faults.trace, O_APPEND, &sim->trace, error) ||
	    witness_open(sim->faults.pins, 0, &sim->pins, error))
		return -1;
	if (sim->pins >= 0 && flock(sim->pins, LOCK_EX | LOCK_NB)) {
		bank_error(error, errno == EWOULDBLOCK ? EBUSY : errno,
			   "the simulated lines in %s are in use by another program",
			   sim->faults.pins);
		return -1;
	}
	if (pins_witness(sim, 0) || trace_witness(sim, 0)) {
		bank_error(error, errno, "can't write the pins of sim_fault: %s", strerror(errno));
		return -1;
	}
	return 0;
}

static void sim_close(void *device)
{
	struct sim *sim = device;

	/* Nothing is lost by a close that fails: each line was written whole before. */
	if (sim->pins >= 0)
		(void)close(sim->pins);
	if (sim->trace >= 0)
		(void)close(sim->trace);
	free(sim);
}

/* A chip that may not be had, or has vanished before it was opened. */
static int open_fault(const struct sim *sim, char *error)
{
	int number = sim->faults.open_errno;
	struct sim_faults faults;

	if (sim_faults_now(&sim->faults, sim->count, &faults)) {
		bank_error(error, errno, "can't read faults from %s: %s", sim->faults.file,
			   strerror(errno));
		return -1;
	}
	if (faults.vanish && !faults.after)
		number = ENODEV;
	if (!number)
		return 0;
	bank_error(error, number, "simulated fault: %s", strerror(number));
	return -1;
}

static void *sim_open(const struct bank_config *config, char *error)
{
	struct sim *sim = calloc(1, sizeof(*sim));
	int number;

	if (!sim) {
		bank_error(error, ENOMEM, "no memory for the simulated relays");
		return NULL;
	}
	sim->count = config->count;
	sim->pins = sim->trace = -1;
	if (sim_faults_parse(config->sim_fault, config->count, &sim->faults, error) ||
	    open_fault(sim, error) || witnesses_open(sim, error)) {
		number = errno;
		sim_close(sim);
		errno = number;
		return NULL;
	}
	return sim;
}

static const char *sim_describe(const void *device)
{
	(void)device; /* one simulation is like another */
	return "simulated";
}

const struct backend sim_backend = {
	.chip = "sim",
	.open = sim_open,
	.drive = sim_drive,
	.read = sim_read,
	.describe = sim_describe,
	.close = sim_close,
};
