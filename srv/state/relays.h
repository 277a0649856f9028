#ifndef STATE_RELAYS_H
#define STATE_RELAYS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "relay_set.h"
#include "state/segment.h"

/*
 * The states of the relays as the keeper last read them back. The keeper alone publishes: it fills
 * the copy nobody reads and then turns one index, so that readers see wholly old or wholly new
 * states wherever it dies.
 */

struct relay_state {
	bool closed;	  /* as read back: water on */
	bool queued;	  /* will close at due_ns */
	int64_t since_ns; /* realtime of the last switching; 0 unknown */
	int64_t until_ns; /* realtime at which it opens; 0 none known */
	int64_t due_ns;	  /* realtime at which it closes, when queued; 0 not known */
	char by[96]; /* who closed or opened it: "profile summer", "admin 192.168.1.20:50514" */
};

struct relay_table {
	pid_t keeper;		   /* 0: none is running */
	unsigned count;		   /* relays, 1 to RELAYS_MAX */
	bool ready;		   /* the keeper has the lines */
	bool alarm;		   /* a line did not follow; everything was opened */
	int64_t alarm_ns;	   /* realtime of the alarm; 0 never */
	double used_va, supply_va; /* power drawn by the budget's figures; supply 0: no budget */
	char backend[96];	   /* "simulated", "libgpiod 1.6.3, pinctrl-bcm2835" */
	struct relay_state relay[RELAYS_MAX];
};

void relays_publish(struct segment *, const struct relay_table *); /* keeper only */
void relays_read(struct segment *, struct relay_table *);	   /* anyone: a consistent copy */

#endif
