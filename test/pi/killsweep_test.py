#!/usr/bin/env python3
"""killsweep_test.py IMAGE: the kill sweep on an emulated ARM machine, whose memory is weakly ordered.

A step takes so long here that the clock the kernel maps into a program, which is read again when a
tick comes between, would never be read to its end. A clock that only counts ticks is not mapped.
"""

import sys
import tempfile

from guest import Guest

TICKING_CLOCK = "clocksource=jiffies highres=off nohz=off"
STEP = 400  # every 400th position: a whole sweep would take hours
STORM_S = 5
LIMIT_S = 600


def main():
    """Boot and sweep; the sweep tells its own total."""
    with tempfile.TemporaryDirectory(prefix="check-pi.") as folder:
        guest = Guest(sys.argv[1], folder, TICKING_CLOCK)
        try:
            status, text = guest.run(f"killsweep -s {STEP} -t {STORM_S} 2>&1", LIMIT_S)
        finally:
            guest.quit()
    print(text, end="")
    return status


if __name__ == "__main__":
    sys.exit(main())
