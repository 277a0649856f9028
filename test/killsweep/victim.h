#ifndef KILLSWEEP_VICTIM_H
#define KILLSWEEP_VICTIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "state/segment.h"

/*
 * A child that runs one instruction at a time (ptrace(2), PTRACE_SINGLESTEP) until it is killed.
 * Whatever this machinery itself can't do ends the program with status 2: that is no finding.
 */
struct victim {
	pid_t pid;
};

enum step {
	STEP_MADE,
	STEP_BLOCKED, /* it sleeps in a system call; victim_wake_wait waits for the end of the step
		       */
	STEP_EXITED,  /* it is a zombie: it ran to its end */
};

/* How a child's work is given: it ends with what this returns. */
typedef int child_work(struct segment *, void *argument);

/* A child that stands before the first instruction of work. */
struct victim victim_start(child_work *work, struct segment *, void *argument);

enum step victim_step(struct victim *);

/* Make up to count steps; false when it exited or slept before. */
bool victim_steps(struct victim *, unsigned count);

/*
 * Let it run until it is about to enter that system call (SYS_… of syscall.h), which its next step
 * then makes; false when it exited before.
 */
bool victim_until_call(struct victim *, uint64_t number);

/* After STEP_BLOCKED: the step's end; false when it still sleeps after within_ms. */
bool victim_wake_wait(struct victim *, int within_ms);

/* Let it run on unobserved. */
void victim_let_go(struct victim *);

/* Kill it where it stands and bury it. */
void victim_kill(struct victim *, struct segment *);

/* An ordinary child. */
pid_t child_start(child_work *work, struct segment *, void *argument);

/* Let it run until it sleeps, or has ended, which its burial tells. */
void child_sleep_wait(pid_t);

/*
 * Wait for its death and bury it as the supervisor does: waitid(WNOWAIT), segment_repair, waitpid.
 * Returns its exit status, -1 when a signal ended it, or -2 when it still lives after within_ms
 * (it is killed then).
 */
enum { CHILD_SIGNALLED = -1, CHILD_STUCK = -2 };
int child_bury(pid_t, struct segment *, int within_ms);

void __attribute__((noreturn, format(printf, 1, 2))) give_up(const char *format, ...);

#endif
