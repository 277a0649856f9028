/*
 * victim.c: children under the knife. Invariant: a victim is stopped, or in the system call that
 * its last step entered.
 */
#include "victim.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
#include "exclusive.h"

enum {
	EXIT_TROUBLE = 2,
	STEP_LOOKS = 500,	    /* at a step, before asking whether it sleeps */
	CALL_STOP = SIGTRAP | 0x80, /* at a system call, by PTRACE_O_TRACESYSGOOD */
};

void give_up(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarn(format, arguments);
	va_end(arguments);
	exit(EXIT_TROUBLE);
}

pid_t child_start(child_work *work, struct segment *segment, void *argument)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == -1)
		give_up("fork");
	if (pid > 0)
		return pid;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
		_exit(EXIT_TROUBLE);
	_exit(work(segment, argument));
}

/* What a victim does: stand still for the tracer, then work. */
struct victim_work {
	child_work *work;
	void *argument;
};

static int victim_main(struct segment *segment, void *argument)
{
	struct victim_work *given = argument;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 || raise(SIGSTOP) != 0)
		return EXIT_TROUBLE;
	return given->work(segment, given->argument);
}

struct victim victim_start(child_work *work, struct segment *segment, void *argument)
{
	struct victim_work given = {work, argument};
	struct victim victim = {.pid = child_start(victim_main, segment, &given)};
	int status;

	if (waitpid(victim.pid, &status, 0) != victim.pid || !WIFSTOPPED(status))
		give_up("the victim did not stop");
	if (ptrace(PTRACE_SETOPTIONS, victim.pid, NULL,
		   PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD) == -1)
		give_up("PTRACE_SETOPTIONS");
	return victim;
}

/* The letter of /proc/PID/stat. */
static char state_of(pid_t pid)
{
	char path[64], state;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid); /* short */
	FILE *file = fopen(path, "re");
	if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		give_up("%s", path);
	(void)fclose(file); /* only read */
	return state;
}

/*
 * Has it stopped, or come to its end (STEP_EXITED)? flags: WNOHANG, or 0 to wait for it. A death is
 * only looked at: child_bury reaps.
 */
static bool step_is_over(const struct victim *victim, int flags, enum step *step)
{
	siginfo_t info = {0};

	if (waitid(P_PID, (id_t)victim->pid, &info, WEXITED | WSTOPPED | WNOWAIT | flags) == -1)
		give_up("waitid");
	if (info.si_pid == 0)
		return false;
	if (info.si_code != CLD_TRAPPED) {
		*step = STEP_EXITED;
		return true;
	}
	if (waitpid(victim->pid, NULL, 0) != victim->pid)
		give_up("waitpid");
	if (info.si_status != SIGTRAP && info.si_status != CALL_STOP)
		give_up("the victim got signal %d", info.si_status);
	*step = STEP_MADE;
	return true;
}

enum step victim_step(struct victim *victim)
{
	enum step step;

	/* Some machines can't be stopped everywhere: there it runs over those instructions. */
	if (!exclusive_run(victim->pid) && ptrace(PTRACE_SINGLESTEP, victim->pid, NULL, NULL) == -1)
		give_up("PTRACE_SINGLESTEP");
	for (;;) {
		for (int i = 0; i < STEP_LOOKS; i++) {
			if (step_is_over(victim, WNOHANG, &step))
				goto over;
			sched_yield();
		}
		if (state_of(victim->pid) == 'S' && !step_is_over(victim, WNOHANG, &step))
			return STEP_BLOCKED;
	}
over:
	if (step == STEP_MADE)
		exclusive_end(victim->pid);
	return step;
}

bool victim_steps(struct victim *victim, unsigned count)
{
	while (count > 0 && victim_step(victim) == STEP_MADE)
		count--;
	return count == 0;
}

bool victim_until_call(struct victim *victim, uint64_t number)
{
	struct __ptrace_syscall_info call;
	enum step step;

	do {
		if (ptrace(PTRACE_SYSCALL, victim->pid, NULL, NULL) == -1)
			give_up("PTRACE_SYSCALL");
		(void)step_is_over(victim, 0, &step); /* true: it was waited for */
		if (step == STEP_EXITED)
			return false;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, victim->pid, (void *)sizeof(call), &call) == -1)
			give_up("PTRACE_GET_SYSCALL_INFO");
	} while (call.op != PTRACE_SYSCALL_INFO_ENTRY || call.entry.nr != number);
	return true;
}

bool victim_wake_wait(struct victim *victim, int within_ms)
{
	enum step step;

	for (; within_ms > 0; within_ms--) {
		if (step_is_over(victim, WNOHANG, &step))
			return step == STEP_MADE;
		(void)poll(NULL, 0, 1); /* a signal would only shorten it */
	}
	return false;
}

void victim_let_go(struct victim *victim)
{
	if (ptrace(PTRACE_DETACH, victim->pid, NULL, NULL) == -1)
		give_up("PTRACE_DETACH");
}

void victim_kill(struct victim *victim, struct segment *segment)
{
	if (kill(victim->pid, SIGKILL) == -1)
		give_up("kill");
	(void)child_bury(victim->pid, segment, -1); /* also one that had just exited by itself */
}

void child_sleep_wait(pid_t pid)
{
	char state;

	while ((state = state_of(pid)) != 'S' && state != 'Z')
		sched_yield();
}

int child_bury(pid_t pid, struct segment *segment, int within_ms)
{
	siginfo_t info = {0};
	struct pollfd death = {.fd = pidfd_open(pid, 0), .events = POLLIN};

	if (death.fd == -1)
		give_up("pidfd_open");
	int died = poll(&death, 1, within_ms);
	close(death.fd);
	if (died == -1 || (died == 0 && kill(pid, SIGKILL) == -1))
		give_up("poll");
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == -1)
		give_up("waitid");
	segment_repair(segment, pid);
	if (waitpid(pid, NULL, 0) != pid)
		give_up("waitpid");
	if (died == 0)
		return CHILD_STUCK;
	return info.si_code == CLD_EXITED ? info.si_status : CHILD_SIGNALLED;
}
