/* filing_scenes.c: a session files its request, request_ask under the knife. */
#include "scenes.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include "players.h"
#include "state/lock.h"
#include "state/segment_layout.h"
#include "victim.h"

/*
 * Of the victim's request there is nothing or all, behind the bystander's. former: what the victim
 * had in the queue before, 0 for nothing.
 */
static enum outcome filing_judge(struct trial *trial, int former)
{
	const char *fault = segment_fault(trial->segment);

	if (fault)
		return trial_fail(trial, fault);
	if (next_number(trial->segment, BYSTANDER) != OTHER)
		return trial_fail(trial, "the bystander's request is gone or changed");
	int number = next_number(trial->segment, VICTIM);
	if (number != former && number != WANTED)
		return trial_fail(trial, "the victim's request is neither old nor new");
	if (number != 0 && next_number(trial->segment, VICTIM) != 0)
		return trial_fail(trial, "a request too many waits");
	return number == WANTED ? OUTCOME_NEW : OUTCOME_OLD;
}

static enum outcome filing_play(struct trial *trial, int former)
{
	if (!request_leave(trial->segment, BYSTANDER, OTHER) ||
	    (former != 0 && !request_leave(trial->segment, VICTIM, former)))
		return trial_fail(trial, "nothing could be filed before");
	struct victim victim = victim_start(leave_wanted, trial->segment, NULL);
	trial->at_end = !victim_steps(&victim, trial->position);
	victim_kill(&victim, trial->segment);
	return filing_judge(trial, former);
}

enum outcome holder_play(struct trial *trial)
{
	return filing_play(trial, 0);
}

enum outcome replacing_holder_play(struct trial *trial)
{
	return filing_play(trial, FORMER);
}

enum outcome waited_for_holder_play(struct trial *trial)
{
	struct state_lock *lock = &trial->segment->shared->lock;

	if (!request_leave(trial->segment, BYSTANDER, OTHER))
		return trial_fail(trial, "nothing could be filed before");
	struct victim victim = victim_start(leave_wanted, trial->segment, NULL);
	while (lock_holder(lock) != victim.pid)
		if (victim_step(&victim) != STEP_MADE)
			give_up("the victim never held the lock");
	pid_t waiter = child_start(take_and_release, trial->segment, NULL);
	child_sleep_wait(waiter);
	trial->at_end = !victim_steps(&victim, trial->position);
	victim_kill(&victim, trial->segment);
	if (child_bury(waiter, trial->segment, AT_ONCE_MS) != 0)
		return trial_fail(trial, "the parked waiter did not get the lock alone");
	return filing_judge(trial, 0);
}

/*
 * This process holds the lock, the victim parks first and another one behind it; the release then
 * wakes the victim alone, and its death must wake the other. The victim runs to its parking at full
 * speed: by steps a slow machine takes longer than it is willing to wait.
 */
enum outcome woken_waiter_play(struct trial *trial)
{
	struct state_lock *lock = &trial->segment->shared->lock;

	if (!request_leave(trial->segment, BYSTANDER, OTHER) || lock_take(lock, 0) == -1)
		return trial_fail(trial, "the lock could not be had before");
	struct victim victim = victim_start(ask_wanted, trial->segment, NULL);
	bool parked = victim_until_call(&victim, SYS_futex) && victim_step(&victim) == STEP_BLOCKED;
	pid_t waiter = child_start(take_and_release, trial->segment, NULL);
	child_sleep_wait(waiter);
	lock_release(lock);
	bool woken = parked && victim_wake_wait(&victim, AT_ONCE_MS);
	trial->at_end = woken && !victim_steps(&victim, trial->position);
	victim_kill(&victim, trial->segment);
	if (child_bury(waiter, trial->segment, AT_ONCE_MS) != 0)
		return trial_fail(trial, "the other waiter did not get the lock alone");
	if (!parked)
		return trial_fail(trial, "the victim did not wait for the lock");
	return woken ? filing_judge(trial, 0)
		     : trial_fail(trial, "the release did not wake the first waiter");
}

/* While the victim stands still: others get the lock exactly when it does not hold it. */
static const char *frozen_fault(struct segment *segment, const struct victim *victim)
{
	struct state_lock *lock = &segment->shared->lock;
	bool held = lock_holder(lock) == victim->pid;
	pid_t dying = child_start(take_and_release, segment, NULL);

	if (held)
		child_sleep_wait(dying);
	/* A death of another, parked or at any other point, gives nobody the victim's lock. */
	if (kill(dying, SIGKILL) == -1)
		give_up("kill");
	(void)child_bury(dying, segment, -1); /* it may have been through before the signal */
	if (lock_take(lock, 0) == -1)
		return held ? NULL : "the lock is nobody's and can't be had";
	bool half_made = segment->shared->redo.valid != 0;
	lock_release(lock);
	return held || half_made ? "the lock was granted twice" : NULL;
}

enum outcome frozen_holder_play(struct trial *trial)
{
	if (!request_leave(trial->segment, BYSTANDER, OTHER))
		return trial_fail(trial, "nothing could be filed before");
	uint32_t before = trial->segment->shared->queue.filed;
	struct victim victim = victim_start(leave_wanted, trial->segment, NULL);
	trial->at_end = !victim_steps(&victim, trial->position);
	bool had_filed = trial->segment->shared->queue.filed != before;
	if (!trial->at_end) {
		const char *fault = frozen_fault(trial->segment, &victim);
		victim_let_go(&victim);
		if (fault) {
			(void)child_bury(victim.pid, trial->segment,
					 AT_ONCE_MS); /* failed anyway */
			return trial_fail(trial, fault);
		}
	}
	if (child_bury(victim.pid, trial->segment, AT_ONCE_MS) != 0)
		return trial_fail(trial, "the victim could not go on after its freeze");
	enum outcome outcome = filing_judge(trial, 0);
	if (outcome == OUTCOME_OLD)
		return trial_fail(trial, "what the frozen one filed is not there");
	return outcome == OUTCOME_NEW && !had_filed ? OUTCOME_OLD : outcome;
}
