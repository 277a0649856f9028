/*
 * supervisor.c: the loop. Signals stay blocked and come through a descriptor, so none is lost and
 * no work is done in a handler. Invariant: whatever is waited for is in the one poll, with the
 * nearest deadline; nothing is polled for.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"
#include "log/log.h"
#include "state/shared_settings.h"
#include "state/shutdown.h"
#include "state/slots.h"
#include "supervisor/errand.h"
#include "supervisor/reload.h"

enum { LOCK_LIMIT_MS = 5000, POLL_MAX = SETTINGS_LISTENERS_MAX + 2 };

static void clients_log(struct supervisor *supervisor)
{
	struct slot slot;

	log_info("%u clients:", slots_used(supervisor->segment));
	for (int n = slot_next(supervisor->segment, 0); n != SLOT_NONE;
	     n = slot_next(supervisor->segment, n + 1))
		if (slot_read(supervisor->segment, n, &slot))
			log_info("client %u: %s at %s, pid %d, user %s, role %s, last command %s",
				 slot.serial, slot.address, slot.service, (int)slot.pid,
				 slot.user[0] ? slot.user : "none", role_name(slot.role),
				 slot.command[0] ? slot.command : "none");
}

/* A stopped or stuck holder of the lock is killed; its repair follows at reap. */
static void lock_check(struct supervisor *supervisor)
{
	pid_t holder = segment_lock_overdue(supervisor->segment, LOCK_LIMIT_MS);

	supervisor->lock_check_ms = -1;
	if (holder > 0) {
		log_error("process %d held the lock for more than %d ms: killed", (int)holder,
			  LOCK_LIMIT_MS);
		kill(holder, SIGKILL); /* our worker, not yet reaped */
	}
	if (segment_check(supervisor->segment) == -1) {
		log_error("the shared memory was overwritten; the server ends");
		shutdown_request(supervisor->segment, SHUTDOWN_FAULT, SLOT_NONE);
	}
}

static void signals_take(struct supervisor *supervisor)
{
	struct signalfd_siginfo signals[8];
	ssize_t bytes = read(supervisor->signal_fd, signals, sizeof(signals));

	for (size_t i = 0; bytes > 0 && i < (size_t)bytes / sizeof(signals[0]); i++) {
		switch (signals[i].ssi_signo) {
		case SIGTERM: /* also how a session says that the shutdown flag is set */
		case SIGINT:
			shutdown_request(supervisor->segment, SHUTDOWN_SIGNAL, SLOT_NONE);
			break;
		case SIGHUP:
			errand_run(reload_run, supervisor);
			break;
		case SIGUSR1:
			clients_log(supervisor);
			break;
		case SIGUSR2: /* a worker could not get the lock */
			if (supervisor->lock_check_ms < 0)
				supervisor->lock_check_ms = clock_monotonic_ms() + LOCK_LIMIT_MS;
			break;
		case SIGCHLD:
			if (supervisor->ending)
				reaper_run(supervisor);
			else
				reaper_take(supervisor, (pid_t)signals[i].ssi_pid);
			break;
		default:
			break;
		}
	}
}

static int timeout_until(const int64_t deadlines_ms[], size_t count)
{
	int64_t nearest_ms = -1, now_ms = clock_monotonic_ms();

	for (size_t i = 0; i < count; i++)
		if (deadlines_ms[i] >= 0 && (nearest_ms < 0 || deadlines_ms[i] < nearest_ms))
			nearest_ms = deadlines_ms[i];
	if (nearest_ms < 0)
		return -1;
	return nearest_ms <= now_ms ? 0 : (int)(nearest_ms - now_ms);
}

static bool is_due(int64_t *deadline_ms)
{
	if (*deadline_ms < 0 || clock_monotonic_ms() < *deadline_ms)
		return false;
	*deadline_ms = -1;
	return true;
}

static void deadlines_run(struct supervisor *supervisor)
{
	if (is_due(&supervisor->keeper_again_ms))
		errand_run(keeper_start, supervisor);
	if (is_due(&supervisor->clerk_again_ms))
		errand_run(clerk_start, supervisor);
	if (is_due(&supervisor->reap_ms))
		reaper_run(supervisor);
	if (is_due(&supervisor->lock_check_ms))
		errand_run(lock_check, supervisor);
	if (is_due(&supervisor->watchdog_ms))
		keeper_watch(supervisor);
	if (is_due(&supervisor->kill_ms))
		errand_run(ending_force, supervisor);
	refusals_close_due(&supervisor->refusals, clock_monotonic_ms());
	(void)is_due(&supervisor->accept_again_ms); /* past: the listeners are polled again */
}

/* Descriptors in the order: signals, keeper's readiness, listeners. poll(2) skips those of -1. */
static void descriptors_fill(const struct supervisor *supervisor, struct pollfd polled[])
{
	bool accepting = supervisor->accept_again_ms < 0 && supervisor->keeper_was_ready;

	polled[0] = (struct pollfd){.fd = supervisor->signal_fd, .events = POLLIN};
	polled[1] = (struct pollfd){.fd = supervisor->keeper_ready_fd, .events = POLLIN};
	for (size_t i = 0; i < supervisor->listeners.count; i++)
		polled[2 + i] = (struct pollfd){
			.fd = accepting ? supervisor->listeners.listener[i].fd : -1,
			.events = POLLIN,
		};
}

static void events_wait(struct supervisor *supervisor)
{
	struct pollfd polled[POLL_MAX];
	const int64_t deadlines_ms[] = {
		supervisor->keeper_again_ms, supervisor->clerk_again_ms,
		supervisor->lock_check_ms,   supervisor->reap_ms,
		supervisor->watchdog_ms,     supervisor->kill_ms,
		supervisor->accept_again_ms, refusals_next_ms(&supervisor->refusals)};
	size_t count = 2 + supervisor->listeners.count;

	descriptors_fill(supervisor, polled);
	if (poll(polled, count,
		 timeout_until(deadlines_ms, sizeof(deadlines_ms) / sizeof(deadlines_ms[0]))) ==
	    -1) {
		if (errno != EINTR && errno != ENOMEM && errno != EAGAIN)
			log_fatal("poll: %s", strerror(errno));
		return;
	}
	if (polled[0].revents)
		signals_take(supervisor);
	if (polled[1].revents && supervisor->keeper_ready_fd != -1)
		keeper_ready_read(supervisor);
	deadlines_run(supervisor);
	for (size_t i = 0; i + 2 < count && supervisor->accept_again_ms < 0; i++)
		if (polled[2 + i].revents && supervisor->listeners.listener[i].fd != -1)
			admission_accept(supervisor, &supervisor->listeners.listener[i]);
}

/* The last listener has served its connections, and the last of them is gone. */
static bool work_is_done(const struct supervisor *supervisor)
{
	return supervisor->listeners.open == 0 && supervisor->keeper_was_ready &&
	       workers_count(supervisor->workers) ==
		       (unsigned)(supervisor->keeper != 0) + (unsigned)(supervisor->clerk != 0);
}

void supervisor_run(struct supervisor *supervisor)
{
	int slot;

	errand_run(keeper_start, supervisor);
	while (!supervisor->ending || workers_count(supervisor->workers) > 0) {
		events_wait(supervisor);
		if (!supervisor->ending && work_is_done(supervisor))
			shutdown_request(supervisor->segment, SHUTDOWN_DONE, SLOT_NONE);
		if (!supervisor->ending &&
		    shutdown_wanted(supervisor->segment, &slot) != SHUTDOWN_NONE)
			errand_run(ending_begin, supervisor);
	}
	errand_run(ending_finish, supervisor);
}
