#ifndef UNIT_STATE_FIXTURE_H
#define UNIT_STATE_FIXTURE_H

/*
 * A segment for each test, children that use it, and their burial as the supervisor does it. A test
 * that hangs is ended by the alarm that state_tests_bound sets.
 */

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "state/segment.h"

enum { STATE_TESTS_LIMIT_S = 60, STATE_CLIENTS = 100 };

static inline struct segment *segment_fresh(unsigned max_clients)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "/sprinkled.test.%d", (int)getpid()); /* short */
	struct segment *segment = segment_create(name, max_clients);
	assert_non_null(segment);
	return segment;
}

static inline int segment_setup(void **state)
{
	*state = segment_fresh(STATE_CLIENTS);
	return 0;
}

static inline int segment_teardown(void **state)
{
	segment_destroy(*state);
	return 0;
}

#define segment_test(test) cmocka_unit_test_setup_teardown(test, segment_setup, segment_teardown)

/* Run in a child, which a failed test takes with it; its status is what work returns. */
static inline pid_t child_start(int (*work)(struct segment *, void *), struct segment *segment,
				void *argument)
{
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0)
		_exit(prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 ? 1 : work(segment, argument));
	return pid;
}

/* Wait for its death, repair, reap. Returns its exit status, or -1 when a signal ended it. */
static inline int child_bury(struct segment *segment, pid_t pid)
{
	siginfo_t info;

	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	segment_repair(segment, pid);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return info.si_code == CLD_EXITED ? info.si_status : -1;
}

static inline void child_kill(struct segment *segment, pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(child_bury(segment, pid), -1);
}

/* Stop it and wait until it stands. */
static inline void child_stop(pid_t pid)
{
	siginfo_t info;

	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WSTOPPED), 0);
}

/* The letter of /proc/PID/stat: 'S' it sleeps. */
static inline char child_state(pid_t pid)
{
	char path[64], state = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid); /* short */
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
	assert_int_equal(fclose(file), 0);
	return state;
}

/* Let it run until it sleeps in the kernel; the alarm bounds it. */
static inline void child_await_sleep(pid_t pid)
{
	while (child_state(pid) != 'S')
		sched_yield();
}

static inline void state_tests_bound(void)
{
	alarm(STATE_TESTS_LIMIT_S);
}

#endif
