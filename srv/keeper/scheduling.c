/*
 * scheduling.c: the runner on the real clock. Invariant: the shared state shows what is in force,
 * and so does the disk, as far as it obeys. It is written after the lines are driven, and by a
 * thread of its own, so that no slow card delays the water: a death in between leaves a window that
 * began, whose rest is run.
 */
#include "keeper/scheduling.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "keeper/memory.h"
#include "keeper/memory_lines.h"
#include "keeper/saver.h"
#include "keeper/watering.h"
#include "log/log.h"
#include "stamp.h"
#include "state/shared_schedule.h"

enum {
	SAVE_DELAY_MS = 1000,
	END_LIMIT_MS = 1000, /* half of what the supervisor gives each process to end */
	LATE_NS = 1000000,   /* as much as the interlock's clock leaves out */
};

static struct runner_policy policy_of(const struct settings *settings)
{
	return (struct runner_policy){.resume_rest = settings->resume_rest,
				      .autostart = settings->autostart};
}

static int profiles_read(struct keeper *keeper, struct profile_set *set, char *why, size_t size)
{
	const struct settings *settings = &keeper->settings;
	const struct profiles_site site = {
		.relay_count = settings->relay_count,
		.latitude = settings->latitude,
		.longitude = settings->longitude,
	};
	static struct profiles_error error;

	if (profiles_load(settings->profiles_file, &site, set, &error) == 0)
		return 0;
	snprintf(why, size, "%s", error.text);
	return -1;
}

static void save_failed(struct keeper *keeper, int error)
{
	if (!keeper->memory_failed)
		log_error("schedule.state: %s; what has run is not on disk", strerror(error));
	keeper->memory_failed = true;
	keeper->save_ms = clock_boot_ms() + keeper->settings.readback_interval_ms; /* once more */
}

void scheduling_save(struct keeper *keeper)
{
	size_t length;
	char *text = memory_text(runner_state(keeper->runner), &length);

	keeper->save_ms = -1;
	if (!text || saver_put(keeper->saver, text, length) == -1)
		save_failed(keeper, errno);
}

void scheduling_saved(struct keeper *keeper)
{
	int error;

	if (!saver_result(keeper->saver, &error))
		return;
	if (error != 0) {
		save_failed(keeper, error);
	} else if (!saver_busy(keeper->saver)) {
		if (keeper->memory_failed || keeper->memory_slow)
			log_info("schedule.state is on disk again");
		keeper->memory_failed = false;
	}
	if (!saver_busy(keeper->saver))
		keeper->memory_slow = false;
}

bool scheduling_is_saving(const struct keeper *keeper)
{
	return saver_busy(keeper->saver) && !keeper->memory_slow;
}

void scheduling_save_late(struct keeper *keeper)
{
	keeper->memory_slow = true;
	telling_event(keeper, EVENT_WARNING,
		      "schedule.state: the disk is slow; the last orders are not on it yet");
}

static struct profile_set *profiles_first(struct keeper *keeper)
{
	struct profile_set *set = calloc(1, sizeof(*set));
	char why[1024];

	if (!set)
		return NULL;
	set->active = -1;
	if (profiles_read(keeper, set, why, sizeof(why)) == -1) {
		if (errno == ENOENT)
			log_info("no profiles: %s does not exist", keeper->settings.profiles_file);
		else
			telling_event(keeper, EVENT_WARNING, "no profiles: %s", why);
	}
	return set;
}

int scheduling_begin(struct keeper *keeper)
{
	struct runner_policy policy = policy_of(&keeper->settings);
	struct runner_state *state = malloc(sizeof(*state));
	char message[512];

	keeper->profiles = profiles_first(keeper);
	keeper->saver = saver_create(keeper->settings.state_dir);
	if (!keeper->profiles || !state || !keeper->saver) {
		free(state);
		return -1;
	}
	int loaded = memory_load(keeper->settings.state_dir, state, message, sizeof(message));
	if (loaded == -1)
		log_error("%s", message);
	keeper->runner = runner_create(keeper->profiles, &policy, loaded == 0 ? state : NULL);
	free(state);
	if (!keeper->runner)
		return -1;
	shared_profiles_publish(keeper->segment, keeper->profiles);
	shared_runner_publish(keeper->segment, runner_state(keeper->runner));
	const struct runner_state *begun = runner_state(keeper->runner);
	if (begun->running)
		telling_event(keeper, EVENT_PROFILE, "profile %s runs", begun->active);
	return 0;
}

void scheduling_end(struct keeper *keeper)
{
	struct pollfd result = {.fd = saver_descriptor(keeper->saver), .events = POLLIN};
	int64_t limit_ms = clock_boot_ms() + END_LIMIT_MS, left_ms;

	if (keeper->save_ms >= 0)
		scheduling_save(keeper);
	while (saver_busy(keeper->saver) && (left_ms = limit_ms - clock_boot_ms()) > 0) {
		if (poll(&result, 1, (int)left_ms) == -1 && errno != EINTR)
			break;
		scheduling_saved(keeper);
	}
	if (saver_busy(keeper->saver))
		log_error("schedule.state: the disk is slow; what has run is not on disk");
	saver_destroy(keeper->saver);
	runner_destroy(keeper->runner);
	free(keeper->profiles);
}

static void step_tell(void *context, unsigned relay, const char *text)
{
	struct keeper *keeper = context;

	if (relay > 0)
		telling_event(keeper, EVENT_PROFILE, "relay %u: %s", relay, text);
	else
		telling_event(keeper, EVENT_PROFILE, "%s", text);
}

int64_t scheduling_now_ns(void)
{
	return stamp_now_ns() - LATE_NS;
}

int64_t scheduling_step(struct keeper *keeper)
{
	int64_t now_ns = scheduling_now_ns(); /* read first: a pause in between must not shorten */
	int64_t now_ms = clock_boot_ms(), wake_ns = -1;

	if (watering_step(keeper->runner, keeper->interlock, now_ns, now_ms, &wake_ns, step_tell,
			  keeper) == -1) {
		log_error("schedule: %s; trying again", strerror(errno));
		return stamp_now_ns() + 1000000000;
	}
	return wake_ns >= 0 ? wake_ns + LATE_NS : -1;
}

void scheduling_settle(struct keeper *keeper)
{
	watering_settle(keeper->runner, keeper->interlock, keeper->settings.relay_count,
			scheduling_now_ns(), clock_boot_ms());
	if (!runner_changed(keeper->runner))
		return;
	shared_runner_publish(keeper->segment, runner_state(keeper->runner));
	if (keeper->save_ms < 0)
		keeper->save_ms = clock_boot_ms() + SAVE_DELAY_MS;
}

int scheduling_reload(struct keeper *keeper, char *why, size_t size)
{
	struct profile_set *set = calloc(1, sizeof(*set));
	struct runner_policy policy = policy_of(&keeper->settings);

	runner_policy_set(keeper->runner, &policy);
	if (!set) {
		snprintf(why, size, "%s", strerror(errno));
		return -1;
	}
	set->active = -1;
	if (profiles_read(keeper, set, why, size) == -1) {
		if (errno != ENOENT || keeper->profiles->count > 0)
			telling_event(keeper, EVENT_WARNING, "profiles not reloaded: %s", why);
		free(set);
		return -1;
	}
	runner_reload(keeper->runner, set);
	free(keeper->profiles);
	keeper->profiles = set;
	shared_profiles_publish(keeper->segment, set);
	telling_event(keeper, EVENT_PROFILE, "%u profiles read from %s", set->count,
		      keeper->settings.profiles_file);
	return 0;
}
