/*
 * reaper.c: the dead. Invariant: between waitid(WNOWAIT) and waitpid a dead worker's pid cannot be
 * reused, so whatever it held (lock, half-made update, slot) is put right in between.
 */
#include "supervisor/supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "clock.h"
#include "log/log.h"
#include "stamp.h"
#include "state/counters.h"
#include "state/events.h"
#include "state/slots.h"
#include "supervisor/offences.h"

/* What ended it, as the log says it. */
static const char *death_words(int signal, char *text, size_t size)
{
	if (signal == SIGSYS)
		return "killed by the seccomp filter: it asked the kernel for what it may not";
	snprintf(text, size, "signal %d (%s)", signal, strsignal(signal));
	return text;
}

/* How long a death may wait to be noticed whose signal fell together with another's. */
enum { REAP_PAUSE_MS = 10 };

static void death_report(struct supervisor *supervisor, const struct worker *worker,
			 const char *who, int status)
{
	char words[64];

	if (WIFSIGNALED(status)) {
		counter_add(supervisor->segment, COUNT_CRASHES, 1);
		log_error("%s (pid %d) died: %s", who, (int)worker->pid,
			  death_words(WTERMSIG(status), words, sizeof(words)));
	} else if (WEXITSTATUS(status) != 0) {
		log_error("%s (pid %d) failed with status %d", who, (int)worker->pid,
			  WEXITSTATUS(status));
	}
}

static void session_bury(struct supervisor *supervisor, const struct worker *worker, int status)
{
	char who[sizeof("session ") + PEER_TEXT_SIZE];
	struct slot slot;

	slot_read(supervisor->segment, worker->slot, &slot);
	slot_free(supervisor->segment, worker->slot);
	offences_penalize(supervisor, worker, &slot, status);
	source_leave(supervisor->sources, worker->source);
	snprintf(who, sizeof(who), "session %s", slot.address);
	if (!supervisor->ending || WIFSIGNALED(status))
		death_report(supervisor, worker, who, status);
	if (supervisor->ending)
		return;
	struct event event = {.time_ns = stamp_now_ns(), .kind = EVENT_WENT, .pid = worker->pid};
	snprintf(event.text, sizeof(event.text), "client %u went: %s (%s)%s", slot.serial,
		 slot.address, slot.service, WIFSIGNALED(status) ? ", its session crashed" : "");
	event_publish(supervisor->segment, EVENTS_OF_SUPERVISOR, &event);
	log_debug("%s", event.text);
}

/* The wait status that waitpid would give, from what waitid(2) tells. */
static int status_of(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED ? W_EXITCODE(info->si_status, 0)
					   : W_EXITCODE(0, info->si_status);
}

static void worker_bury(struct supervisor *supervisor, const siginfo_t *info)
{
	struct worker worker;
	int status = status_of(info);

	segment_repair(supervisor->segment, info->si_pid);
	bool known = worker_remove(supervisor->workers, info->si_pid, &worker);
	if (known && worker.kind == WORKER_SESSION) {
		session_bury(supervisor, &worker, status);
	} else if (known) {
		bool is_keeper = worker.kind == WORKER_KEEPER;
		death_report(supervisor, &worker, is_keeper ? "keeper of the relays" : "clerk",
			     status);
		(is_keeper ? keeper_died : clerk_died)(supervisor, status);
	}
}

/* Bury the child that waitid(2) finds with these arguments. False when there is none. */
static bool dead_bury(struct supervisor *supervisor, idtype_t type, id_t id)
{
	siginfo_t info = {0};

	if (waitid(type, id, &info, WEXITED | WNOHANG | WNOWAIT) == -1 || info.si_pid == 0)
		return false;
	worker_bury(supervisor, &info);
	(void)waitpid(info.si_pid, NULL, 0); /* it is a zombie: this can't wait or fail */
	return true;
}

void reaper_take(struct supervisor *supervisor, pid_t pid)
{
	(void)dead_bury(supervisor, P_PID, (id_t)pid); /* buried already, or only stopped */
	if (supervisor->reap_ms < 0)
		supervisor->reap_ms = clock_monotonic_ms() + REAP_PAUSE_MS;
}

void reaper_run(struct supervisor *supervisor)
{
	while (dead_bury(supervisor, P_ALL, 0))
		continue;
}
