#ifndef SUPERVISOR_ERRAND_H
#define SUPERVISOR_ERRAND_H

struct supervisor;

/*
 * What the supervisor's loop may not do itself. The loop has gone behind the sandbox's wall
 * (session/sandbox.h), so that every session is born behind it and pays nothing for it: to open,
 * remove or execute a file it sends another thread, that has stayed outside. The two never run at
 * once: who sends waits. So nothing between them needs a lock, and a fork finds nobody at work.
 */

/* Make that thread; call it before the wall. 0, or -1 with errno. */
int errands_begin(void);

/* Have run(supervisor) called outside; returns when it has. */
void errand_run(void (*run)(struct supervisor *), struct supervisor *);

#endif
