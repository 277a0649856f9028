/*
 * keeper.c: the loop of the one process that owns the relays. It waits for requests, for the moment
 * of the next switching or read-back, for signals and for the supervisor's death; whatever ends it
 * opens every relay first.
 */
#include "keeper/keeper.h"

#include <bsd/unistd.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "log/log.h"
#include "reply.h"
#include "state/shared_settings.h"

enum { GROUP_GRACE_MS = 300, LOCK_RETRY_MS = 50 };

enum { WAIT_WAKE, WAIT_SIGNAL, WAIT_SUPERVISOR, WAIT_TIMER, WAITS };

struct waits {
	struct pollfd polled[WAITS];
	pid_t supervisor;
	bool end; /* orderly: SIGTERM */
	bool orphaned;
	int64_t retry_ms; /* the lock was not to be had: look again then; -1 */
};

int64_t boot_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now); /* cannot fail */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void waits_open(struct waits *waits, int wake_fd)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGHUP);
	*waits = (struct waits){.supervisor = getppid(), .retry_ms = -1};
	int fds[WAITS] = {
		[WAIT_WAKE] = wake_fd,
		[WAIT_SIGNAL] = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK),
		[WAIT_SUPERVISOR] = (int)syscall(SYS_pidfd_open, waits->supervisor, 0),
		[WAIT_TIMER] = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK),
	};
	if (sigprocmask(SIG_BLOCK, &wanted, NULL) == -1)
		log_fatal("signals: %s", strerror(errno));
	for (int i = 0; i < WAITS; i++) {
		if (fds[i] == -1)
			log_fatal("descriptors: %s", strerror(errno));
		waits->polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	}
	waits->orphaned = getppid() != waits->supervisor;
}

static void timer_set(const struct waits *waits, int64_t at_ms)
{
	struct itimerspec when = {0};

	if (at_ms >= 0) {
		when.it_value.tv_sec = at_ms / 1000;
		when.it_value.tv_nsec = (at_ms % 1000) * 1000000;
		if (at_ms == 0)
			when.it_value.tv_nsec = 1; /* 0 would mean never */
	}
	if (timerfd_settime(waits->polled[WAIT_TIMER].fd, TFD_TIMER_ABSTIME, &when, NULL) == -1)
		log_fatal("timer: %s", strerror(errno));
}

static void settings_reload(struct keeper *keeper)
{
	struct interlock_config config;

	shared_settings_read(keeper->segment, &keeper->settings);
	interlock_config_from(&keeper->settings, &config);
	interlock_configure(keeper->interlock, &config);
	if (log_reopen(&keeper->settings) == -1)
		log_warning("logs could not be reopened: %s", strerror(errno));
	run_log_close(keeper->run_log);
	keeper->run_log = run_log_open(keeper->settings.state_dir);
}

static void signals_take(struct keeper *keeper, struct waits *waits)
{
	struct signalfd_siginfo info;

	while (read(waits->polled[WAIT_SIGNAL].fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			settings_reload(keeper);
		else if (info.ssi_signo == SIGTERM)
			waits->end = true; /* SIGINT is the supervisor's to understand */
	}
}

/* Everything that is filed; each asker gets its answer before the next request is looked at. */
static void requests_serve(struct keeper *keeper, struct waits *waits)
{
	static struct answer answer;
	struct request_ticket ticket;
	struct request request;
	int taken;

	while ((taken = request_take(keeper->segment, &request, &ticket)) == 1) {
		memset(&answer, 0, sizeof(answer));
		order_run(keeper, &request, &answer);
		request_answer(keeper->segment, &ticket, &answer);
	}
	waits->retry_ms = -1;
	if (taken == -1) {
		kill(waits->supervisor, SIGUSR2); /* a stopped process holds the lock */
		waits->retry_ms = boot_ms() + LOCK_RETRY_MS;
	}
}

static int64_t nearest(int64_t a_ms, int64_t b_ms)
{
	return a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;
}

static void keeper_turn(struct keeper *keeper, struct waits *waits)
{
	uint64_t count;

	if (boot_ms() >= keeper->readback_ms)
		water_check(keeper);
	int64_t next_ms = water_advance(keeper);
	next_ms = nearest(next_ms, keeper->readback_ms);
	timer_set(waits, nearest(next_ms, waits->retry_ms));
	if (poll(waits->polled, WAITS, -1) == -1 && errno != EINTR)
		log_fatal("poll: %s", strerror(errno));
	if (waits->polled[WAIT_TIMER].revents)
		(void)!read(waits->polled[WAIT_TIMER].fd, &count,
			    sizeof(count)); /* only to rearm */
	if (waits->polled[WAIT_SUPERVISOR].revents)
		waits->orphaned = true;
	if (waits->polled[WAIT_SIGNAL].revents)
		signals_take(keeper, waits);
	if (waits->polled[WAIT_WAKE].revents)
		(void)!read(waits->polled[WAIT_WAKE].fd, &count, sizeof(count)); /* as above */
	if (!waits->end && !waits->orphaned)
		requests_serve(keeper, waits);
}

/* Requests that came too late are told so, rather than left to time out. */
static void requests_refuse(struct keeper *keeper)
{
	static struct answer answer = {.code = REPLY_FAILED, .text = "the server is shutting down"};
	struct request_ticket ticket;
	struct request request;

	while (request_take(keeper->segment, &request, &ticket) == 1)
		request_answer(keeper->segment, &ticket, &answer);
}

/*
 * The supervisor was killed: nobody else is left to end the sessions. They get the time to say
 * goodbye; then the whole group goes, this process with it.
 */
static void __attribute__((noreturn)) group_end(void)
{
	const struct timespec grace = {.tv_nsec = GROUP_GRACE_MS * 1000000L};

	kill(0, SIGTERM);	       /* blocked here */
	(void)nanosleep(&grace, NULL); /* no signal can cut it short; shorter would be harmless */
	kill(0, SIGKILL);
	_exit(EXIT_FAILURE);
}

static void keeper_prepare(struct keeper *keeper, int segment_fd, int wake_fd, bool foreground)
{
	struct interlock_config config;
	char error[BANK_ERROR_SIZE];

	keeper->segment = segment_attach(segment_fd);
	if (!keeper->segment)
		_exit(EXIT_FAILURE); /* the supervisor sees it and says so: no settings, no log */
	close(segment_fd);
	requests_attach(keeper->segment, wake_fd);
	shared_settings_read(keeper->segment, &keeper->settings);
	if (log_open(&keeper->settings, foreground) == -1)
		_exit(EXIT_FAILURE);
	log_role("keeper");
	interlock_config_from(&keeper->settings, &config);
	keeper->interlock = interlock_create(&config);
	if (!keeper->interlock)
		log_fatal("interlocks: %s", strerror(errno));
	keeper->bank = water_bank_open(&keeper->settings, error);
	if (!keeper->bank)
		log_fatal("%s", error);
	keeper->run_log = run_log_open(keeper->settings.state_dir);
	if (!keeper->run_log)
		log_error("run log: %s; runs are not written down", strerror(errno));
}

int keeper_serve(int segment_fd, int wake_fd, int ready_fd, bool foreground)
{
	static struct keeper keeper;
	struct waits waits;

	waits_open(&waits, wake_fd);
	keeper_prepare(&keeper, segment_fd, wake_fd, foreground);
	telling_begin(&keeper);
	setproctitle("keeper (%s, %u relays)", bank_describe(keeper.bank),
		     keeper.settings.relay_count);
	if (write(ready_fd, "R", 1) != 1)
		waits.orphaned = true; /* nobody is there to hear it */
	close(ready_fd);
	while (!waits.end && !waits.orphaned)
		keeper_turn(&keeper, &waits);
	int status = water_shut(&keeper, waits.orphaned ? "crash" : "shutdown") == 0 ? EXIT_SUCCESS
										     : EXIT_FAILURE;
	if (waits.orphaned) {
		log_error("the supervisor is gone: every relay is open, the sessions end");
		group_end();
	}
	requests_refuse(&keeper);
	run_log_close(keeper.run_log);
	interlock_destroy(keeper.interlock);
	bank_close(keeper.bank);
	segment_destroy(keeper.segment);
	return status;
}
