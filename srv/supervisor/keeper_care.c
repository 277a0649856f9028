/*
 * keeper_care.c: the keeper's life. Invariant: while the server runs, either a keeper runs, or the
 * moment of the next start is set and at most a second away.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clock.h"
#include "log/log.h"
#include "stamp.h"
#include "state/counters.h"
#include "state/events.h"
#include "state/requests.h"
#include "state/shutdown.h"
#include "state/slots.h"
#include "supervisor/detach.h"
#include "supervisor/errand.h"
#include "supervisor/program.h"

enum { RESTART_STEP_MS = 100, RESTART_MAX_MS = 1000 };

static void __attribute__((noreturn))
keeper_main(struct supervisor *supervisor, pid_t group, int ready_fd)
{
	int descriptors[] = {segment_descriptor(supervisor->segment),
			     requests_descriptor(supervisor->segment), ready_fd};
	char segment[16], wake[16], ready[16];
	char mode[] = "serve", name[] = "sprinkled-keeper", foreground[] = "foreground",
	     detached[] = "detached";

	snprintf(segment, sizeof(segment), "%d", descriptors[0]);
	snprintf(wake, sizeof(wake), "%d", descriptors[1]);
	snprintf(ready, sizeof(ready), "%d", descriptors[2]);
	char *arguments[] = {name, mode,  segment,
			     wake, ready, supervisor->options->foreground ? foreground : detached,
			     NULL};
	if (worker_join(group) == 0)
		program_exec(PROGRAM_KEEPER, arguments, descriptors,
			     sizeof(descriptors) / sizeof(descriptors[0]));
	log_error("sprinkled-keeper can't be executed: %s", strerror(errno));
	_exit(127);
}

static void restart_plan(struct supervisor *supervisor)
{
	int64_t delay_ms = (int64_t)supervisor->keeper_failures * RESTART_STEP_MS;

	supervisor->keeper_again_ms =
		clock_monotonic_ms() + (delay_ms < RESTART_MAX_MS ? delay_ms : RESTART_MAX_MS);
}

void keeper_start(struct supervisor *supervisor)
{
	int ready[2];

	supervisor->keeper_again_ms = -1;
	if (pipe2(ready, O_CLOEXEC | O_NONBLOCK) == -1)
		goto retry;
	pid_t group = workers_group(supervisor->workers);
	pid_t pid = fork();
	if (pid == 0)
		keeper_main(supervisor, group, ready[1]);
	close(ready[1]);
	if (pid == -1) {
		close(ready[0]);
		goto retry;
	}
	struct worker worker = {
		.pid = pid, .kind = WORKER_KEEPER, .slot = SLOT_NONE, .source = SOURCE_NONE};
	worker_add(supervisor->workers, &worker);
	counter_add(supervisor->segment, COUNT_KEEPER_STARTS, 1);
	supervisor->keeper = pid;
	supervisor->keeper_ready_fd = ready[0];
	supervisor->keeper_wait_logged = false;
	return;

retry:
	if (!supervisor->keeper_wait_logged)
		log_error("the keeper can't be started: %s; trying again", strerror(errno));
	supervisor->keeper_wait_logged = true;
	supervisor->keeper_failures++;
	restart_plan(supervisor);
}

static void ready_forget(struct supervisor *supervisor)
{
	if (supervisor->keeper_ready_fd == -1)
		return;
	close(supervisor->keeper_ready_fd);
	supervisor->keeper_ready_fd = -1;
}

/*
 * Close a descriptor, yet leave its number taken: what got it later might be below signal_fd, and
 * then sessions would share it.
 */
static void number_keep(int fd)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null == -1 || dup3(null, fd, O_CLOEXEC) == -1)
		close(fd);
	if (null != -1)
		close(null);
}

/* Tell who asked by -R that every listener listens and the keeper has the relays. */
static void readiness_tell(struct supervisor *supervisor)
{
	char text[SETTINGS_LISTENERS_MAX * 128], line[sizeof(text) + 16];
	int fd = supervisor->options->ready_fd;

	listeners_format(&supervisor->listeners, text, sizeof(text));
	log_info("ready: %s", text);
	notify_say(&supervisor->notify, "READY=1\nSTATUS=serving %s", text);
	detach_finish();
	clerk_start(supervisor); /* so late, it holds no terminal */
	if (fd == -1)
		return;
	int length = snprintf(line, sizeof(line), "ready %s\n", text);
	if (write(fd, line, (size_t)length) != length)
		log_warning("-R %d: %s", fd, strerror(errno));
	number_keep(fd);
}

/*
 * Tell a watchdog that all is well if the keeper's loop has turned since the last look, and make it
 * turn before the next one, however seldom it has to on its own.
 */
void keeper_watch(struct supervisor *supervisor)
{
	uint64_t turns = counter_read(supervisor->segment, COUNT_KEEPER_TURNS);

	if (supervisor->notify.watchdog_ms == 0)
		return;
	if (turns != supervisor->keeper_turns)
		notify_say(&supervisor->notify, "WATCHDOG=1");
	supervisor->keeper_turns = turns;
	requests_wake(supervisor->segment);
	supervisor->watchdog_ms = clock_monotonic_ms() + supervisor->notify.watchdog_ms / 2;
}

void keeper_ready_read(struct supervisor *supervisor)
{
	char byte;
	ssize_t count = read(supervisor->keeper_ready_fd, &byte, 1);

	if (count == -1 && errno == EAGAIN)
		return;
	ready_forget(supervisor);
	if (count != 1)
		return; /* it ended without getting ready: the reaper hears of it */
	supervisor->keeper_failures = 0;
	keeper_watch(supervisor);
	if (supervisor->keeper_was_ready) {
		log_warning("the keeper runs again; every relay was opened");
		return;
	}
	supervisor->keeper_was_ready = true;
	errand_run(readiness_tell, supervisor);
}

void keeper_died(struct supervisor *supervisor, int status)
{
	/* What it wrote to the pipe before its death counts as said. */
	if (supervisor->keeper_ready_fd != -1)
		keeper_ready_read(supervisor);
	ready_forget(supervisor);
	supervisor->keeper = 0;
	requests_abandon(supervisor->segment);
	if (supervisor->ending) {
		supervisor->relays_uncertain = status != 0;
		return;
	}
	if (!supervisor->keeper_was_ready) {
		log_error("the keeper could not take the relays; the server ends");
		shutdown_request(supervisor->segment, SHUTDOWN_FAULT, SLOT_NONE);
		return;
	}
	struct event event = {.time_ns = stamp_now_ns(), .kind = EVENT_ALARM};
	snprintf(event.text, sizeof(event.text), "the keeper died; the next one opens every relay");
	event_publish(supervisor->segment, EVENTS_OF_SUPERVISOR, &event);
	restart_plan(supervisor);
	supervisor->keeper_failures++;
}
