#ifndef SHARED_SHELL_H
#define SHARED_SHELL_H

/*
 * Become `/bin/sh -c command` with every signal unblocked and at its default. Returns only on
 * failure, -1 with errno of execve(2).
 */
int shell_exec(const char *command);

#endif
