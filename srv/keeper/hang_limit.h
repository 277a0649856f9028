#ifndef KEEPER_HANG_LIMIT_H
#define KEEPER_HANG_LIMIT_H

#include <stdint.h>

/*
 * A keeper that hangs would leave water on: nobody else may drive the lines while it lives. So the
 * kernel is told to kill it, unless it says in time that it goes on. SIGKILL ends a stopped process
 * too; the supervisor then starts another, which opens every relay first.
 */

/* From now on: 0, or -1 with errno as timer_create(2). Time asleep (suspend) does not count. */
int hang_limit_create(void);

/* All is well for the next limit_ms, above 0. 0, or -1 with errno as timer_settime(2). */
int hang_limit_push(int64_t limit_ms);

#endif
