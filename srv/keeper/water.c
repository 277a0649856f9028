/*
 * water.c: from what the interlock allows to what the pins say. Invariant: a failure on any way
 * ends with every relay told to open.
 */
#include "keeper/keeper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "clock.h"
#include "log/log.h"
#include "stamp.h"

enum {
	TRIES = 2,	     /* a line that does not follow is driven once more */
	BUSY_WAIT_MS = 2000, /* how long a predecessor may take to let go of the lines */
	BUSY_RETRY_MS = 20,
};

void interlock_config_from(const struct settings *settings, struct interlock_config *config)
{
	*config = (struct interlock_config){
		.relays = settings->relay_count,
		.supply_va = settings->supply_va,
		.inrush_va = settings->inrush_va,
		.hold_va = settings->hold_va,
		.inrush_ms = settings->inrush_time_ms,
		.min_switch_ms = settings->min_switch_ms,
		.master = settings->master,
		.master_lead_ms = settings->master_lead_ms,
		.master_lag_ms = settings->master_lag_ms,
	};
	for (unsigned i = 0; i < settings->relay_count; i++) {
		const struct relay_setting *relay = &settings->relay[i];
		config->relay[i].max_on_ms =
			relay->max_on_ms > 0 ? relay->max_on_ms : settings->max_on_ms;
		for (unsigned j = 0; relay->group[0] && j <= i; j++)
			if (strcmp(settings->relay[j].group, relay->group) == 0) {
				config->relay[i].group =
					j + 1; /* the group's first relay names it */
				break;
			}
	}
}

static struct bank *bank_try(const struct settings *settings, char *error)
{
	struct bank_config config = {
		.chip = settings->gpio,
		.consumer = "sprinkled",
		.active_low = settings->active_low,
		.count = settings->relay_count,
		.sim_fault = settings->sim_fault,
	};

	for (unsigned i = 0; i < settings->relay_count; i++)
		config.lines[i] = settings->relay[i].line;
	return bank_open(&config, error);
}

struct bank *water_bank_open(const struct settings *settings, char *error)
{
	const struct timespec pause = {.tv_nsec = BUSY_RETRY_MS * 1000000L};
	int64_t limit_ms = clock_boot_ms() + BUSY_WAIT_MS;
	struct bank *bank;

	while (!(bank = bank_try(settings, error)) && errno == EBUSY && clock_boot_ms() < limit_ms)
		(void)nanosleep(&pause,
				NULL); /* the kernel tells nobody when a line becomes free */
	return bank;
}

/* Drive and read back. 0, or -1 with errno: EBADE a line did not follow, or the chip's. */
static int lines_bring(struct keeper *keeper, uint64_t closed)
{
	keeper->driven = closed;
	if (!keeper->bank) {
		errno = ENODEV;
		return -1;
	}
	for (int tries = 0; tries < TRIES; tries++) {
		if (bank_drive(keeper->bank, closed) == -1 ||
		    bank_read(keeper->bank, &keeper->actual) == -1)
			continue;
		if (keeper->actual == closed)
			return 0;
		errno = EBADE;
	}
	return -1;
}

static void alarm_raise(struct keeper *keeper, uint64_t wanted, int error)
{
	char which[RELAYS_MAX * 4];

	if (error == EBADE)
		snprintf(keeper->alarm_why, sizeof(keeper->alarm_why),
			 "relay %s does not follow its line",
			 relay_set_format(keeper->actual ^ wanted, which, sizeof(which)));
	else
		snprintf(keeper->alarm_why, sizeof(keeper->alarm_why), "the GPIO chip failed: %s",
			 strerror(error));
	keeper->alarm = true;
	keeper->table.alarm_ns = stamp_now_ns();
	telling_event(keeper, EVENT_ALARM, "%s; every relay is told to open", keeper->alarm_why);
}

/* Lines at odds with what was wanted: everything opens, and the alarm is told once. */
static void lines_fail(struct keeper *keeper, uint64_t wanted, int error)
{
	if (!keeper->alarm)
		alarm_raise(keeper, wanted, error);
	interlock_open_all(keeper->interlock, clock_boot_ms());
	for (unsigned i = 0; i < keeper->settings.relay_count; i++)
		keeper->relay[i].end = "alarm";
	(void)lines_bring(keeper, 0); /* tried again at each read-back until it works */
}

/* When the next valve has pulled in, and the power told is less: CLOCK_BOOTTIME ms, -1 never. */
static int64_t inrush_over_ms(const struct keeper *keeper, int64_t now_ms)
{
	int64_t soonest_ms = -1;

	for (unsigned number = 1; number <= keeper->settings.relay_count; number++) {
		struct interlock_relay relay;
		interlock_relay(keeper->interlock, number, &relay);
		int64_t over_ms = relay.closed_ms + keeper->settings.inrush_time_ms;
		if (relay.closed && over_ms > now_ms && (soonest_ms < 0 || over_ms < soonest_ms))
			soonest_ms = over_ms;
	}
	return soonest_ms;
}

int64_t water_advance(struct keeper *keeper)
{
	int64_t now_ms = clock_boot_ms(), next_ms;
	uint64_t wanted = interlock_step(keeper->interlock, now_ms, &next_ms);

	if (wanted != keeper->driven && lines_bring(keeper, wanted) == -1)
		lines_fail(keeper, wanted, errno);
	telling_update(keeper);
	if (keeper->settings.supply_va > 0) {
		int64_t over_ms = inrush_over_ms(keeper, now_ms);
		if (over_ms >= 0 && (next_ms < 0 || over_ms < next_ms))
			next_ms = over_ms;
	}
	return next_ms;
}

/* The chip was gone: perhaps it is there again. */
static void bank_reopen(struct keeper *keeper)
{
	char error[BANK_ERROR_SIZE];

	bank_close(keeper->bank);
	keeper->bank = bank_try(&keeper->settings, error);
}

static bool lines_agree(struct keeper *keeper)
{
	if (keeper->bank && bank_read(keeper->bank, &keeper->actual) == 0 &&
	    keeper->actual == keeper->driven)
		return true;
	if (lines_bring(keeper, keeper->driven) == 0)
		return true;
	if (errno == EBADE)
		return false;
	int error = errno;
	if (keeper->alarm)
		bank_reopen(keeper);
	if (keeper->alarm && lines_bring(keeper, keeper->driven) == 0)
		return true;
	errno = error;
	return false;
}

void water_check(struct keeper *keeper)
{
	keeper->readback_ms = clock_boot_ms() + keeper->settings.readback_interval_ms;
	if (!lines_agree(keeper)) {
		lines_fail(keeper, keeper->driven, errno);
	} else if (keeper->alarm) {
		keeper->alarm = false;
		telling_event(keeper, EVENT_WARNING, "every line follows again; relays can close");
	}
	telling_update(keeper);
}

int water_shut(struct keeper *keeper, const char *why)
{
	interlock_open_all(keeper->interlock, clock_boot_ms());
	for (unsigned i = 0; i < keeper->settings.relay_count; i++)
		if (!keeper->relay[i].end)
			keeper->relay[i].end = why;
	int result = lines_bring(keeper, 0);
	if (result == -1)
		log_error("relays could not be opened: %s", strerror(errno));
	telling_update(keeper);
	return result;
}
