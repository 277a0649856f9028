#ifndef BENCH_LISTENING_H
#define BENCH_LISTENING_H

/*
 * Listen on a port of 127.0.0.1 that the system chooses, and say it in a line on standard output.
 * Exits when that can't be.
 */
int listen_anywhere(void);

#endif
