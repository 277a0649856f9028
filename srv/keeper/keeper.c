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
#include "clock.h"
#include "keeper/hang_limit.h"
#include "keeper/saver.h"
#include "keeper/scheduling.h"
#include "log/log.h"
#include "reply.h"
#include "state/counters.h"
#include "state/shared_settings.h"
#include "terminal.h"

enum {
	GROUP_GRACE_MS = 300,
	LOCK_RETRY_MS = 50,
	HANG_MS = 10000,      /* so late for what is due: this process hangs; disks may be slow */
	REQUESTS_A_TURN = 16, /* then timers, signals and the supervisor's death have their turn */
	DISK_WAIT_MS = 500,   /* for an answer: most cards take less, and people hardly notice it */
};

#define FAR_NS (INT64_C(4102444800) * 1000000000) /* 2100: never, but for a clock that is set */

/* The saver's comes last: it is there only when the schedule has begun. */
enum { WAIT_WAKE, WAIT_SIGNAL, WAIT_SUPERVISOR, WAIT_TIMER, WAIT_CLOCK, WAIT_SAVER, WAITS };

/* The request that was taken last. While its answer is held back no other is taken. */
struct asked {
	struct request_ticket ticket;
	struct answer answer;
	int64_t disk_ms; /* it is given then, if the disk has not been faster; -1 it is given */
};

struct waits {
	struct pollfd polled[WAITS];
	struct asked asked;
	pid_t supervisor;
	bool end; /* orderly: SIGTERM */
	bool orphaned;
	int64_t retry_ms; /* the lock was not to be had: look again then; -1 */
};

static void waits_open(struct waits *waits, int wake_fd)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGHUP);
	*waits = (struct waits){.asked.disk_ms = -1, .supervisor = getppid(), .retry_ms = -1};
	const int fds[] = {
		[WAIT_WAKE] = wake_fd,
		[WAIT_SIGNAL] = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK),
		[WAIT_SUPERVISOR] = (int)syscall(SYS_pidfd_open, waits->supervisor, 0),
		[WAIT_TIMER] = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK),
		[WAIT_CLOCK] = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK),
	};
	if (sigprocmask(SIG_BLOCK, &wanted, NULL) == -1)
		log_fatal("signals: %s", strerror(errno));
	for (int i = 0; i < WAIT_SAVER; i++) {
		if (fds[i] == -1)
			log_fatal("descriptors: %s", strerror(errno));
		waits->polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	}
	waits->orphaned = getppid() != waits->supervisor;
}

static int64_t nearest(int64_t a_ms, int64_t b_ms)
{
	return a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;
}

static void timer_arm(int fd, int flags, int64_t at_ns)
{
	struct itimerspec when = {0};

	if (at_ns >= 0) {
		when.it_value.tv_sec = at_ns / 1000000000;
		when.it_value.tv_nsec = at_ns % 1000000000;
		if (at_ns == 0)
			when.it_value.tv_nsec = 1; /* 0 would mean never */
	}
	if (timerfd_settime(fd, TFD_TIMER_ABSTIME | flags, &when, NULL) == -1)
		log_fatal("timer: %s", strerror(errno));
}

/*
 * One timer for how long, on a clock that no time change moves, and one for when, on the wall
 * clock; the latter also fires whenever that clock is set.
 */
static void timers_arm(const struct keeper *keeper, const struct waits *waits)
{
	int64_t next_ms = nearest(nearest(keeper->next_ms, keeper->readback_ms),
				  nearest(waits->retry_ms, keeper->save_ms));
	next_ms = nearest(next_ms, waits->asked.disk_ms);
	int64_t wake_ns = keeper->wake_ns >= 0 ? keeper->wake_ns : FAR_NS;

	timer_arm(waits->polled[WAIT_TIMER].fd, 0, next_ms * 1000000);
	timer_arm(waits->polled[WAIT_CLOCK].fd, TFD_TIMER_CANCEL_ON_SET, wake_ns);
	int64_t left_ms = next_ms - clock_boot_ms(); /* a read-back is always due */
	if (hang_limit_push(HANG_MS + (left_ms > 0 ? left_ms : 0)) == -1)
		log_fatal("timer: %s", strerror(errno));
}

static void settings_reload(struct keeper *keeper)
{
	struct interlock_config config;

	shared_settings_read(keeper->segment, &keeper->settings);
	interlock_config_from(&keeper->settings, &config);
	if (interlock_configure(keeper->interlock, &config) == -1)
		log_error("the interlocks keep their old figures: %s", strerror(errno));
	if (log_reopen(&keeper->settings) == -1)
		log_warning("logs could not be reopened: %s", strerror(errno));
	run_log_close(keeper->run_log);
	keeper->run_log = run_log_open(keeper->settings.state_dir);
	char why[1024];
	(void)scheduling_reload(keeper, why, sizeof(why)); /* has told what is wrong, if anything */
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

static void answer_give(struct keeper *keeper, struct asked *asked)
{
	request_answer(keeper->segment, &asked->ticket, &asked->answer);
	asked->disk_ms = -1;
}

/* Whether an answer has to wait for the disk even now. One that has not is given. */
static bool answer_hold(struct keeper *keeper, struct asked *asked)
{
	if (asked->disk_ms < 0)
		return false;
	if (scheduling_is_saving(keeper) && clock_boot_ms() < asked->disk_ms)
		return true;
	if (scheduling_is_saving(keeper))
		scheduling_save_late(keeper);
	answer_give(keeper, asked);
	return false;
}

/* What is filed, oldest first; each asker has its answer before the next request is looked at. */
static void requests_serve(struct keeper *keeper, struct waits *waits)
{
	struct asked *asked = &waits->asked;
	struct request request;
	int taken = 0;

	waits->retry_ms = -1;
	if (answer_hold(keeper, asked))
		return;
	for (int i = 0; i < REQUESTS_A_TURN; i++) {
		taken = request_take(keeper->segment, &request, &asked->ticket);
		if (taken != 1)
			break;
		memset(&asked->answer, 0, sizeof(asked->answer));
		if (order_run(keeper, &request, &asked->answer) && scheduling_is_saving(keeper)) {
			asked->disk_ms = clock_boot_ms() + DISK_WAIT_MS;
			return; /* the water and all else goes on */
		}
		answer_give(keeper, asked);
	}
	if (taken == 1)
		waits->retry_ms = clock_boot_ms(); /* there may be more: after a look round */
	if (taken == -1) {
		kill(waits->supervisor, SIGUSR2); /* a stopped process holds the lock */
		waits->retry_ms = clock_boot_ms() + LOCK_RETRY_MS;
	}
}

void keeper_advance(struct keeper *keeper)
{
	keeper->wake_ns = scheduling_step(keeper);
	keeper->next_ms = water_advance(keeper);
	scheduling_settle(keeper);
}

/* Timers are read only to be armed anew; what is due is seen by the clocks themselves. */
static void timers_drain(struct keeper *keeper, const struct waits *waits)
{
	uint64_t count;

	if (waits->polled[WAIT_TIMER].revents)
		(void)!read(waits->polled[WAIT_TIMER].fd, &count, sizeof(count));
	if (waits->polled[WAIT_CLOCK].revents &&
	    read(waits->polled[WAIT_CLOCK].fd, &count, sizeof(count)) == -1 && errno == ECANCELED) {
		log_info("the clock was set");
		telling_clock_set(keeper);
	}
}

static void keeper_turn(struct keeper *keeper, struct waits *waits)
{
	uint64_t count;

	counter_add(keeper->segment, COUNT_KEEPER_TURNS, 1);
	if (clock_boot_ms() >= keeper->readback_ms)
		water_check(keeper);
	keeper_advance(keeper);
	if (keeper->save_ms >= 0 && clock_boot_ms() >= keeper->save_ms)
		scheduling_save(keeper);
	timers_arm(keeper, waits);
	if (poll(waits->polled, WAITS, -1) == -1 && errno != EINTR)
		log_fatal("poll: %s", strerror(errno));
	timers_drain(keeper, waits);
	if (waits->polled[WAIT_SAVER].revents)
		scheduling_saved(keeper);
	if (waits->polled[WAIT_SUPERVISOR].revents)
		waits->orphaned = true;
	if (waits->polled[WAIT_SIGNAL].revents)
		signals_take(keeper, waits);
	if (waits->polled[WAIT_WAKE].revents)
		(void)!read(waits->polled[WAIT_WAKE].fd, &count,
			    sizeof(count)); /* the queue tells */
	if (!waits->end && !waits->orphaned)
		requests_serve(keeper, waits);
}

/* What was done is answered; requests that came too late are told so, rather than left waiting. */
static void requests_end(struct keeper *keeper, struct asked *asked)
{
	static struct answer answer = {.code = REPLY_FAILED, .text = "the server is shutting down"};
	struct request_ticket ticket;
	struct request request;

	if (asked->disk_ms >= 0)
		answer_give(keeper, asked);
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
	log_role("keeper", NULL);
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
	static struct waits waits;

	waits_open(&waits, wake_fd);
	keeper_prepare(&keeper, segment_fd, wake_fd, foreground);
	telling_begin(&keeper);
	keeper.save_ms = -1;
	if (scheduling_begin(&keeper) == -1)
		log_fatal("profiles: %s", strerror(errno));
	waits.polled[WAIT_SAVER] =
		(struct pollfd){.fd = saver_descriptor(keeper.saver), .events = POLLIN};
	if (hang_limit_create() == -1)
		log_fatal("timer: %s", strerror(errno));
	setproctitle("-sprinkled: keeper (%s, %u relays)", bank_describe(keeper.bank),
		     keeper.settings.relay_count);
	if (!foreground && terminal_release() == -1)
		log_warning("/dev/null: %s", strerror(errno));
	if (write(ready_fd, "R", 1) != 1)
		waits.orphaned = true; /* nobody is there to hear it */
	close(ready_fd);
	keeper.next_ms = keeper.wake_ns = -1;
	while (!waits.end && !waits.orphaned)
		keeper_turn(&keeper, &waits);
	int status = water_shut(&keeper, waits.orphaned ? "crash" : "shutdown") == 0 ? EXIT_SUCCESS
										     : EXIT_FAILURE;
	if (waits.orphaned) {
		log_error("the supervisor is gone: every relay is open, the sessions end");
		group_end();
	}
	requests_end(&keeper, &waits.asked);
	scheduling_end(&keeper);
	run_log_close(keeper.run_log);
	interlock_destroy(keeper.interlock);
	bank_close(keeper.bank);
	segment_destroy(keeper.segment);
	return status;
}
