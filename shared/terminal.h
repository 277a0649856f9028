#ifndef SHARED_TERMINAL_H
#define SHARED_TERMINAL_H

/*
 * Let go of the terminal, or of whatever stands in for it: standard input, output and error become
 * /dev/null. A daemon that kept a pipe would keep whoever reads there waiting for its end.
 * Returns 0, or -1 with errno of open(2) or dup2(2), with nothing or a part of it done.
 */
int terminal_release(void);

#endif
