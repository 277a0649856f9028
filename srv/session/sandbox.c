/*
 * sandbox.c: the wall, as a table. Invariant: nothing in it opens a file, executes one, makes a
 * socket that could be connected, or reaches into another process.
 */
#include "session/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { CONDITIONS_MAX = 2, SUPERVISOR = -1 };

/* fork(2) as the C library calls it, and nothing else that clone(2) can do. */
#define FORK_FLAGS (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD)

/* A call is allowed when every condition holds: (argument & mask) == value. */
struct condition {
	unsigned argument; /* from 0 */
	int64_t mask;	   /* 0: this is no condition */
	int64_t value;	   /* SUPERVISOR: its pid */
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define ALLOW(name)                             \
	{                                       \
		SCMP_SYS(name), SCMP_ACT_ALLOW, \
		{                               \
			{                       \
				0               \
			}                       \
		}                               \
	}
#define WHOLE INT64_C(0xffffffff) /* an int's worth */

struct row {
	int call;
	uint32_t action;
	struct condition conditions[CONDITIONS_MAX];
};

static const struct row rows[] = {
	/* the client, the logs, the clerk, the keeper's eventfd */
	ALLOW(read),
	ALLOW(write),
	ALLOW(writev),
	ALLOW(pread64),
	ALLOW(lseek),
	ALLOW(recvfrom),
	ALLOW(recvmsg),
	ALLOW(sendto),
	ALLOW(sendmsg),
	ALLOW(poll),
	ALLOW(ppoll),
	ALLOW(shutdown),
	ALLOW(close),
	ALLOW(close_range),
	ALLOW(dup2),
	ALLOW(dup3),
	ALLOW(getsockopt),
	{SCMP_SYS(fcntl), SCMP_ACT_ALLOW, {{1, WHOLE, F_GETFL}}},
	{SCMP_SYS(socketpair), SCMP_ACT_ALLOW, {{0, WHOLE, AF_UNIX}}},

	/* memory, but none that could be executed or that a file lies behind */
	ALLOW(brk),
	ALLOW(munmap),
	ALLOW(mremap),
	ALLOW(madvise),
	ALLOW(sysinfo), /* glibc's qsort(3) asks how much there is */
	{SCMP_SYS(mmap), SCMP_ACT_ALLOW, {{2, PROT_EXEC, 0}, {3, MAP_ANONYMOUS, MAP_ANONYMOUS}}},
	{SCMP_SYS(mprotect), SCMP_ACT_ALLOW, {{2, PROT_EXEC, 0}}},

	/* time, waiting, numbers */
	ALLOW(clock_gettime),
	ALLOW(clock_getres),
	ALLOW(gettimeofday),
	ALLOW(time),
	ALLOW(clock_nanosleep),
	ALLOW(nanosleep),
	ALLOW(restart_syscall),
	ALLOW(futex),
	ALLOW(set_robust_list),
	ALLOW(rseq),
	ALLOW(getrandom),

	/* signals: an event may be told to anybody, an end to the supervisor alone */
	ALLOW(rt_sigprocmask),
	ALLOW(rt_sigaction),
	ALLOW(rt_sigreturn),
	{SCMP_SYS(kill), SCMP_ACT_ALLOW, {{1, WHOLE, SIGURG}}},
	{SCMP_SYS(kill), SCMP_ACT_ALLOW, {{0, WHOLE, SUPERVISOR}}},
	{SCMP_SYS(tgkill), SCMP_ACT_ALLOW, {{2, WHOLE, SIGABRT}}},

	/* who am I; the end */
	ALLOW(getpid),
	ALLOW(getppid),
	ALLOW(gettid),
	ALLOW(getuid),
	ALLOW(geteuid),
	ALLOW(getgid),
	ALLOW(getegid),
	ALLOW(exit),
	ALLOW(exit_group),

	/* the loop: from a listener to a session, and its burial */
	ALLOW(accept4),
	ALLOW(setpgid),
	{SCMP_SYS(prlimit64), SCMP_ACT_ALLOW, {{1, WHOLE, RLIMIT_NPROC}}},
	ALLOW(wait4),
	ALLOW(waitid),
	{SCMP_SYS(clone), SCMP_ACT_ALLOW, {{0, WHOLE, FORK_FLAGS}}},
	{SCMP_SYS(prctl), SCMP_ACT_ALLOW, {{0, WHOLE, PR_SET_PDEATHSIG}}},

	/* syslog(3) tries to connect anew when its daemon was restarted; it does without. */
	{SCMP_SYS(socket), SCMP_ACT_ERRNO(EACCES), {{0}}},
};

/* A log asks for the length of a line that a full disk has torn; it does without. */
static const struct row plain_rows[] = {
	{SCMP_SYS(fstat), SCMP_ACT_ERRNO(EACCES), {{0}}},
	{SCMP_SYS(newfstatat), SCMP_ACT_ERRNO(EACCES), {{0}}},
};

/* What sanitizers want for their reports, and the counters of coverage at a process's end. */
static const struct row instrument_rows[] = {
	ALLOW(openat),	    ALLOW(fcntl),  ALLOW(fstat),    ALLOW(newfstatat),
	ALLOW(ftruncate),   ALLOW(mkdir),  ALLOW(mkdirat),  ALLOW(readlink),
	ALLOW(readlinkat),  ALLOW(mmap),   ALLOW(mprotect), ALLOW(sigaltstack),
	ALLOW(sched_yield), ALLOW(getcwd), ALLOW(access),   ALLOW(prlimit64),
	ALLOW(tgkill),	    ALLOW(uname),
};

static int row_add(scmp_filter_ctx filter, const struct row *row, pid_t supervisor)
{
	struct scmp_arg_cmp tests[CONDITIONS_MAX];
	unsigned count = 0;

	for (; count < CONDITIONS_MAX && row->conditions[count].mask; count++) {
		const struct condition *condition = &row->conditions[count];
		int64_t value = condition->value == SUPERVISOR ? supervisor : condition->value;

		tests[count] = SCMP_CMP(condition->argument, SCMP_CMP_MASKED_EQ,
					(scmp_datum_t)condition->mask, (scmp_datum_t)value);
	}
	return seccomp_rule_add_array(filter, row->action, row->call, count, tests);
}

static int rows_add(scmp_filter_ctx filter, const struct row *table, size_t count, pid_t supervisor)
{
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++)
		error = row_add(filter, &table[i], supervisor);
	return error;
}

int sandbox_enter(pid_t supervisor)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int error;

	json_object_seed(0); /* what the library would open a file for at its first use */
	if (!filter) {
		errno = ENOSYS; /* else out of memory, at start */
		return -1;
	}
	error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	/* A debugger skips a call by making it number -1, which the kernel answers with ENOSYS. */
	if (error == 0)
		error = seccomp_attr_set(filter, SCMP_FLTATR_API_TSKIP, 1);
	if (error == 0)
		error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, -1, 0, NULL);
	if (error == 0)
		error = rows_add(filter, rows, ROWS(rows), supervisor);
	if (error == 0)
		error = INSTRUMENTED ? rows_add(filter, instrument_rows, ROWS(instrument_rows),
						supervisor)
				     : rows_add(filter, plain_rows, ROWS(plain_rows), supervisor);
	if (error == 0)
		error = seccomp_load(filter);
	seccomp_release(filter);
	errno = -error;
	return error == 0 ? 0 : -1;
}

int sandbox_limit(void)
{
	const struct rlimit processes = {0, 0};

	return setrlimit(RLIMIT_NPROC, &processes);
}
