#ifndef SUPERVISOR_DETACH_H
#define SUPERVISOR_DETACH_H

/*
 * Leave the shell that started us. The first process stays until the server is ready, so that its
 * exit status tells whether the start worked, and errors reach the terminal.
 */

/* Returns in the server's process; 0, or -1 with errno. The first process never returns. */
int detach_begin(void);

/* The server is ready: let the first process end with 0, and the terminal go. Harmless twice, or
 * without detach_begin. */
void detach_finish(void);

#endif
