#ifndef SHARED_PROCESS_END_H
#define SHARED_PROCESS_END_H

/*
 * End this process at once. What is to be done at exit(3) is not: in a child of the supervisor it
 * is the supervisor's. A sanitizer's search for leaks neither, since it misses the supervisor's
 * other thread, and is killed behind the wall of a session; valgrind searches there. Only what a
 * build for coverage has counted is written.
 */
void process_end(int status) __attribute__((noreturn));

#endif
