/*
 * clerk.c: requests in, answers out. This is a border: whoever asks may have been taken over, so
 * nothing that a request says is believed before it was looked at, and nobody can keep the others
 * waiting: what takes time is done by children, bounded in number and in time.
 */
#include "clerk/clerk.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clerk/clerk_jobs.h"
#include "descriptor_pass.h"
#include "log/log.h"
#include "state/slots.h"

enum {
	CHECKS_MAX = 4,	    /* passwords at once: a hash takes 16 MiB and a processor */
	CHECK_LIMIT_S = 20, /* then its child is ended */
};

struct clerk {
	const struct clerk_start *start;
	unsigned checks; /* children that check a password */
	pid_t update;	 /* the child that waits for the update; 0 none */
};

static const struct {
	enum role role; /* the least that may ask */
	void (*run)(const struct clerk_start *, const struct clerk_request *, int reply);
} kinds[] = {
	[CLERK_CHECK] = {ROLE_NONE, clerk_password_check},
	[CLERK_OPEN] = {ROLE_VIEWER, clerk_file_open},
	[CLERK_UPDATE] = {ROLE_ADMIN, clerk_update_run},
};

/* In a child: signals end it again. */
static void __attribute__((noreturn))
job_main(const struct clerk *clerk, const struct clerk_request *request, int reply)
{
	sigset_t none;

	sigemptyset(&none);
	(void)signal(SIGTERM, SIG_DFL); /* the handler is the sessions'; this can't fail */
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* only a bad first argument fails */
	if (request->kind == CLERK_CHECK)
		(void)alarm(CHECK_LIMIT_S); /* what was left of an earlier one: there is none */
	kinds[request->kind].run(clerk->start, request, reply);
	_exit(EXIT_SUCCESS);
}

static void job_start(struct clerk *clerk, const struct clerk_request *request, int reply)
{
	if (request->kind == CLERK_UPDATE && clerk->update) {
		clerk_answer_error(reply, EBUSY);
		return;
	}
	pid_t pid = fork();
	if (pid == 0)
		job_main(clerk, request, reply);
	if (pid == -1)
		clerk_answer_error(reply, errno);
	else if (request->kind == CLERK_UPDATE)
		clerk->update = pid;
	else
		clerk->checks++;
}

static void children_reap(struct clerk *clerk)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		if (pid == clerk->update)
			clerk->update = 0;
		else
			clerk->checks--;
	}
}

/* Is the request one, and may who sent it ask that? 0, or the errno to answer. */
static int request_verify(const struct clerk *clerk, struct clerk_request *request, ssize_t length,
			  pid_t sender)
{
	struct slot slot;

	if (length != sizeof(*request) || request->kind >= sizeof(kinds) / sizeof(kinds[0]) ||
	    request->slot >= segment_max_clients(clerk->start->segment) ||
	    request->file >= CLERK_FILES)
		return EINVAL;
	request->name[sizeof(request->name) - 1] = '\0';
	request->password[sizeof(request->password) - 1] = '\0';
	if (!slot_read(clerk->start->segment, (int)request->slot, &slot) || slot.pid != sender ||
	    slot.role < kinds[request->kind].role)
		return EPERM;
	return 0;
}

static void request_serve(struct clerk *clerk)
{
	struct clerk_request request = {0};
	struct ucred sender;
	int reply;
	ssize_t length = descriptor_receive(clerk->start->socket, &request, sizeof(request), &reply,
					    &sender);

	if (reply == -1)
		return; /* nobody who could be answered */
	int error = request_verify(clerk, &request, length, sender.pid);
	if (error != 0) {
		log_warning("process %d asked for what it may not: %s", (int)sender.pid,
			    strerror(error));
		clerk_answer_error(reply, error);
	} else if (request.kind == CLERK_OPEN) {
		clerk_file_open(clerk->start, &request, reply);
	} else {
		job_start(clerk, &request, reply);
	}
	explicit_bzero(&request, sizeof(request));
	close(reply);
}

/* True when it is time to end. */
static bool signals_take(struct clerk *clerk, int signals)
{
	struct signalfd_siginfo signal;

	while (read(signals, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo == SIGTERM)
			return true;
		children_reap(clerk);
	}
	return false;
}

int clerk_serve(const struct clerk_start *start)
{
	struct clerk clerk = {.start = start};
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGCHLD);
	int signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals == -1) {
		log_error("signalfd: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	for (;;) {
		struct pollfd polled[] = {
			{.fd = signals, .events = POLLIN},
			/* With enough to do, the next ones wait in the socket. */
			{.fd = clerk.checks < CHECKS_MAX ? start->socket : -1, .events = POLLIN},
		};
		if (poll(polled, 2, -1) == -1 && errno != EINTR) {
			log_error("poll: %s", strerror(errno));
			return EXIT_FAILURE;
		}
		if (polled[0].revents && signals_take(&clerk, signals))
			return EXIT_SUCCESS;
		if (polled[1].revents)
			request_serve(&clerk);
	}
}
