#ifndef SESSION_SANDBOX_H
#define SESSION_SANDBOX_H

#include <sys/types.h>

/*
 * The wall around sessions: a seccomp(2) filter of what they and the loop that forks them may ask
 * the kernel for. Whatever else a thread behind it asks for ends its process by SIGSYS.
 *
 * To install a filter costs more than a fork does; a child inherits it for nothing. So the
 * supervisor's loop goes behind the wall once, and every session is born there. What the loop needs
 * and a session must not have, a session can't use: forking by RLIMIT_NPROC, accepting for want of
 * a listener.
 */

/*
 * Put the calling thread, and all it forks from now on, behind the wall, for good and without new
 * privileges (PR_SET_NO_NEW_PRIVS). supervisor is the process that may be signalled. 0, or -1 with
 * errno: ENOSYS or EINVAL the kernel has no such filters, else the system's.
 */
int sandbox_enter(pid_t supervisor);

/*
 * What the wall leaves to a limit: a session forks nobody (but as root, whom the limit does not
 * hold). How many descriptors it may have was the supervisor's and can't be raised any more. 0, or
 * -1 with errno of setrlimit(2).
 */
int sandbox_limit(void);

#endif
