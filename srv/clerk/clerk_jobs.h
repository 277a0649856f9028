#ifndef CLERK_CLERK_JOBS_H
#define CLERK_CLERK_JOBS_H

#include "clerk/clerk.h"
#include "clerk/clerk_message.h"

/* What the clerk does, one function a kind of request; each answers by reply and leaves it open. */

void clerk_answer_error(int reply, int error);

/* Quick: in the clerk itself. */
void clerk_file_open(const struct clerk_start *, const struct clerk_request *, int reply);

/* Slow: each in a child of the clerk's. */
void clerk_password_check(const struct clerk_start *, const struct clerk_request *, int reply);
void clerk_update_run(const struct clerk_start *, const struct clerk_request *, int reply);

#endif
