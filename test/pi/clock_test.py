#!/usr/bin/env python3
"""clock_test.py IMAGE: a profile on an emulated Raspberry Pi whose clock is set forward and back.

Only a machine of one's own can have its clock set. The witness is the GPIO controller, seen from
outside; the day is far from any real one, and the zone is UTC.
"""

import json

import suite
from pi import CONFIGURATION, FOLLOW_S, LINES, Failure

DAY = "2031-06-10"
PROFILES = "/run/profiles.yml"
PROFILE = "\\n".join((
    "summer:", "  active: True",
    "  relay1: {days: [all], times: [830], durations: [10s]}",
    "  relay2: {days: [all], times: [930], durations: [10s]}", ""))


def clock_set(pi, time):
    """Set the guest's clock to HH:MM:SS of the day."""
    pi.sh(f"date -s '{DAY} {time}'")


def clock_reaches(pi, time):
    """Wait until the guest's clock has come past that time by itself."""
    pi.wait(f'[ "$(date +%T)" \\> {time} ]', FOLLOW_S, f"it is not {time}")


def expect_runs(pi, relay, count):
    """The run log has so many runs of a relay."""
    text = pi.sh(f"sprinkle -j hist {relay} 1d")
    if sum("started" in row for row in json.loads(text)) != count:
        raise Failure(f"not {count} runs of relay {relay}:\n{text}")


def expect_seconds(pi, relay, seconds):
    """The run log has the one run of a relay with that length."""
    text = pi.sh(f"sprinkle -j hist {relay} 1d")
    if [row["actual"] for row in json.loads(text) if "started" in row] != [seconds]:
        raise Failure(f"not {seconds} s of relay {relay}:\n{text}")


def waits(pi):
    """A profile that runs leaves all relays open before its windows."""
    pi.sh(f"printf '{PROFILE}' >{PROFILES}; echo 'profiles_file: {PROFILES}' >>{CONFIGURATION}")
    clock_set(pi, "07:00:00")
    pi.start()
    pi.sh("sprinkle rp")
    pi.expect(set())


def forward_to_start(pi):
    """The clock set forward to just before a window: the water runs at its start."""
    clock_set(pi, "08:29:58")
    pi.expect({1})
    expect_runs(pi, 1, 1)


def forward_past_end(pi):
    """The clock set forward past the end of what runs: the run keeps its length."""
    clock_set(pi, "09:00:00")
    pi.expect({1}, 0)
    pi.expect(set())
    expect_seconds(pi, 1, 10)


def back_before_start(pi):
    """The clock set back to before a window that was run: nothing is watered twice."""
    clock_set(pi, "08:29:58")
    clock_reaches(pi, "08:30:02")
    pi.expect(set(), 0)
    expect_runs(pi, 1, 1)


def forward_past_window(pi):
    """The clock set forward past a whole window: it is left out, and the log says so."""
    clock_set(pi, "10:00:00")
    pi.wait("grep -q 'relay 2: .*missed.*the clock went past' /run/server.log", FOLLOW_S,
            "no word of the window missed")
    pi.expect(set(), 0)
    expect_runs(pi, 2, 0)


def back_to_missed(pi):
    """The clock set back to before a window that was missed: its time comes, and it runs."""
    clock_set(pi, "09:29:58")
    pi.expect({2})
    pi.expect(set())
    expect_runs(pi, 2, 1)


def manual_run(pi):
    """A manual run keeps its length, whatever the clock is set to meanwhile."""
    pi.sh("sprinkle src 3 for 10s")
    pi.expect({3})
    clock_set(pi, "05:00:00")
    pi.expect({3}, 0)
    pi.expect(set())


TESTS = (waits, forward_to_start, forward_past_end, back_before_start, forward_past_window,
         back_to_missed, manual_run)

if __name__ == "__main__":
    suite.main(TESTS, LINES)
