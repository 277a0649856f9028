/*
 * ending.c: the orderly shutdown, bounded in time. Invariant: when it is through, no worker is left
 * and the relays are open, or the log says that they could not be opened.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "log/log.h"
#include "state/shutdown.h"
#include "supervisor/keeper_program.h"

enum { GRACE_MS = 2000, OPEN_LIMIT_MS = 3000 };

void ending_begin(struct supervisor *supervisor)
{
	char reason[128];

	if (supervisor->ending)
		return;
	supervisor->ending = true;
	supervisor->kill_ms = clock_monotonic_ms() + GRACE_MS;
	supervisor->relays_uncertain = supervisor->keeper == 0;
	supervisor->keeper_again_ms = -1;
	supervisor->clerk_again_ms = -1;
	shutdown_reason(supervisor->segment, reason, sizeof(reason));
	log_info("shutting down: %s", reason);
	notify_say(&supervisor->notify, "STOPPING=1\nSTATUS=shutting down: %s", reason);
	/* A worker that joins the group after this signal looks at the flag after joining. */
	workers_signal(supervisor->workers, SIGTERM);
	listeners_close(&supervisor->listeners);
}

void ending_force(struct supervisor *supervisor)
{
	log_error("%u processes did not end within %d ms: killed",
		  workers_count(supervisor->workers), GRACE_MS);
	workers_kill(supervisor->workers);
	supervisor->kill_ms = clock_monotonic_ms() + GRACE_MS;
}

void ending_finish(struct supervisor *supervisor)
{
	int slot;

	if (shutdown_wanted(supervisor->segment, &slot) == SHUTDOWN_FAULT)
		supervisor->exit_status = EXIT_FAILURE;
	if (!supervisor->relays_uncertain || !supervisor->keeper_was_ready)
		return; /* open, or never ours */
	int status = keeper_program_run("open", &supervisor->settings, OPEN_LIMIT_MS);
	if (status == 0) {
		log_warning("the keeper had not said so: every relay was opened once more");
		return;
	}
	log_error("the relays could not be opened (%s): check them by hand",
		  status == -1 ? strerror(errno) : "see above");
	supervisor->exit_status = EXIT_FAILURE;
}
