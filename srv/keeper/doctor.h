#ifndef KEEPER_DOCTOR_H
#define KEEPER_DOCTOR_H

#include <stdio.h>
#include "config/settings.h"

/*
 * What `sprinkled -D` says: chips, lines, permissions, and what the relays do while no program
 * drives them, with what is to be mended and how. Requests no line, so a running server is not
 * disturbed. Returns 0 all is well, 1 there is something to mend.
 */
int doctor_report(const struct settings *, FILE *out);

#endif
