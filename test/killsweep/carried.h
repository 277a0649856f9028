#ifndef KILLSWEEP_CARRIED_H
#define KILLSWEEP_CARRIED_H

#include <stdbool.h>
#include "state/requests.h"

/*
 * Requests and answers that carry one number in every part, so that a mixture of two is seen.
 * Numbers are 1 and more.
 */

struct request request_carrying(int number);
bool request_carries(const struct request *, int number);

struct answer answer_carrying(int number);
bool answer_carries(const struct answer *, int number);

#endif
