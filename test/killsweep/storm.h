#ifndef KILLSWEEP_STORM_H
#define KILLSWEEP_STORM_H

/*
 * Sessions ask without pause, a keeper answers, and one of them is killed at a random moment, again
 * and again for so many seconds. After each death the lock must be had, the queue be whole, and
 * nobody hang or get another's answer. Returns how many deaths came to no harm; *faults: how many
 * things went wrong (0 or 1, since it ends there), *why says what.
 */
unsigned storm_run(unsigned seconds, unsigned *faults, const char **why);

#endif
