#!/usr/bin/env python3
"""relays_test.py [--wrong-line] IMAGE: the server on an emulated Raspberry Pi, seen from outside.

The witness of every test is the GPIO controller's own registers, read through QEMU's monitor: it
knows nothing of the server, of libgpiod, or of the kernel. With --wrong-line the server is told a
wrong line for relay 3, and the tests must fail.
"""

import json
import re
import sys
import tempfile
import time

from guest import Guest

LINES = {1: 5, 2: 6, 3: 13, 4: 16, 5: 19, 6: 20, 7: 21, 8: 26}  # the reference board
ALL = set(LINES)
GPIO = 0x3F200000  # BCM2837: function select registers, three bits a line
GPLEV0 = 0x3F200034  # level of lines 0 to 31, one bit each
OUTPUT = 1

CONFIGURATION = "/etc/sprinkled.yml"
SERVER = f"sprinkled -c {CONFIGURATION}"
# Emulation is slow and the host may be busy: what is waited for may take its time, but not for ever.
READY_S = 60
FOLLOW_S = 20
# The server promises a tenth of these; they tell "by itself" from "not at all", and are printed.
KEEPER_DEATH_S = 10
SUPERVISOR_DEATH_S = 5


class Failure(Exception):
    """What a test found wrong."""


class Pi:
    """The guest with a server in it, and the relays as its pins show them."""

    def __init__(self, guest):
        self.guest = guest

    def closed(self):
        """The relays whose line is low: the board is active-low."""
        levels = self.guest.monitor.word(GPLEV0)
        return {relay for relay, line in LINES.items() if not levels >> line & 1}

    def outputs(self):
        """The relays whose line is driven."""
        words = [self.guest.monitor.word(GPIO + 4 * i) for i in range(3)]
        return {relay for relay, line in LINES.items()
                if words[line // 10] >> line % 10 * 3 & 7 == OUTPUT}

    def expect(self, closed, limit=FOLLOW_S):
        """Wait until these relays and no others are closed. Returns how long it took, in s."""
        began = time.monotonic()
        while (seen := self.closed()) != closed:
            if time.monotonic() - began > limit:
                raise Failure(f"after {limit} s closed are {sorted(seen)}, not {sorted(closed)}")
        return time.monotonic() - began

    def sh(self, command, status=0):
        """Do a command inside; its output. Any other status is a failure."""
        got, text = self.guest.run(command)
        if got != status:
            raise Failure(f"{command}: status {got}, not {status}:\n{text}\n{self.server_log()}")
        return text

    def server_log(self):
        """The last that the server had to say."""
        return self.guest.run("tail -n 15 /run/server.log")[1]

    def configure(self, lines):
        """Write the server's settings: the reference board with these lines, and no power budget."""
        relays = "".join(f"  - {{line: {line}}}\\n" for line in lines.values())
        self.sh(f"printf 'gpio: auto\\nlog: stderr\\nrelays:\\n{relays}' >{CONFIGURATION}")

    def start(self):
        """Start the server and wait until it has the relays."""
        self.sh("rm -f /run/ready")
        self.sh(f"{SERVER} -f -R 3 3>/run/ready >/run/server.log 2>&1 & echo $! >/run/server")
        self.wait("grep -q ^ready /run/ready", READY_S, "the server is not ready")

    def running(self):
        """Have a server with all relays open, be it the one of the test before."""
        if self.pids("sprinkled"):
            self.sh("sprinkle sro all")
        else:
            self.start()
        self.expect(set())

    def stopped(self):
        """Wait until no process of the server is left."""
        self.wait('[ -z "$(pids sprinkled; pids sprinkled-keeper)" ]', FOLLOW_S, "the server runs")

    def end(self):
        """Have no server."""
        self.sh("kill -9 $(pids sprinkled; pids sprinkled-keeper) 2>/dev/null; true")
        self.stopped()

    def wait(self, command, limit, what):
        """Wait until a command inside succeeds."""
        deadline = time.monotonic() + limit
        while self.guest.run(command)[0]:
            if time.monotonic() > deadline:
                raise Failure(f"{what} after {limit} s:\n{self.server_log()}")

    def pids(self, program):
        """The processes of a program, as words."""
        return self.sh(f"pids {program}").split()

    def supervisor(self):
        """The pid of the server's first process."""
        return self.sh("cat /run/server").strip()

    def keeper(self):
        """The pid of the one keeper."""
        keepers = self.pids("sprinkled-keeper")
        if len(keepers) != 1:
            raise Failure(f"keepers: {keepers}\n{self.server_log()}")
        return keepers[0]


def starts_open(pi):
    """A start drives all eight lines, and all are open."""
    pi.end()
    if pi.outputs():
        raise Failure(f"before the start {pi.outputs()} are outputs")
    pi.start()
    pi.expect(set())
    if pi.outputs() != ALL:
        raise Failure(f"outputs are {sorted(pi.outputs())}")


def uses_libgpiod(pi):
    """The back-end is libgpiod on the header's chip, found by its label."""
    pi.running()
    text = pi.sh("sprinkle gvn")
    if "libgpiod" not in text or "pinctrl-bcm2835" not in text:
        raise Failure(text)


def names_itself(pi):
    """gpioinfo shows sprinkled as the user of each line."""
    pi.running()
    text = pi.sh("gpioinfo")
    for line in LINES.values():
        if not re.search(rf'^\s+line\s+{line}:.*\bsprinkled\b', text, re.MULTILINE):
            raise Failure(f"line {line} in:\n{text}")


def follows_each(pi):
    """src and sro of each relay move its pin and no other."""
    pi.running()
    for relay in LINES:
        pi.sh(f"sprinkle src {relay}")
        pi.expect({relay})
        pi.sh(f"sprinkle sro {relay}")
        pi.expect(set())


def follows_sets(pi):
    """src, sro and t1 of several relays move all their pins."""
    pi.running()
    pi.sh("sprinkle src 1-8")
    pi.expect(ALL)
    pi.sh("sprinkle sro 2,4,6")
    pi.expect(ALL - {2, 4, 6})
    pi.sh("sprinkle t1 1 2")
    pi.expect(ALL - {1, 4, 6})
    pi.sh("sprinkle sro all")
    pi.expect(set())


def reads_back(pi):
    """grs tells what the pins are."""
    pi.running()
    pi.sh("sprinkle src 3 8")
    pi.expect({3, 8})
    text = pi.sh("sprinkle -j grs")
    said = {relay["relay"] for relay in json.loads(text) if relay["state"] == "closed"}
    if said != {3, 8}:
        raise Failure(text)
    pi.sh("sprinkle sro all")
    pi.expect(set())


def doctor_is_right(pi):
    """sprinkled -D finds the chip and names the line for config.txt."""
    pi.running()
    text = pi.sh(f"{SERVER} -D", 1)
    for words in ("pinctrl-bcm2835", "held by the running server",
                  "gpio=5,6,13,16,19,20,21,26=op,dh"):
        if words not in text:
            raise Failure(f"no \"{words}\" in:\n{text}")
    if text.count("MEND") != 1:
        raise Failure(f"more to mend than config.txt:\n{text}")


def keeper_killed(pi):
    """kill -9 of the keeper: all open, and a new keeper serves on."""
    pi.running()
    pi.sh("sprinkle src 1-8")
    pi.expect(ALL)
    pi.sh(f"kill -9 {pi.keeper()}")
    seconds = pi.expect(set(), KEEPER_DEATH_S)
    pi.wait("sprinkle src 5", FOLLOW_S, "no new keeper")
    pi.expect({5})
    return seconds


def supervisor_killed(pi):
    """kill -9 of the supervisor: the keeper opens all and nothing is left."""
    pi.running()
    pi.sh("sprinkle src 1-8")
    pi.expect(ALL)
    pi.sh(f"kill -9 {pi.supervisor()}")
    seconds = pi.expect(set(), SUPERVISOR_DEATH_S)
    pi.stopped()
    return seconds


def both_kill(pi):
    """Kill supervisor and keeper so that neither sees the other's death."""
    both = f"{pi.supervisor()} {pi.keeper()}"
    pi.sh(f"kill -STOP {both}; kill -9 {both}")
    pi.stopped()


def both_killed(pi):
    """kill -9 of both: the pins stay until sprinkled -O opens them."""
    pi.running()
    pi.sh("sprinkle src 2 7")
    pi.expect({2, 7})
    both_kill(pi)
    pi.expect({2, 7})
    pi.sh(f"{SERVER} -O")
    pi.expect(set())


def both_killed_start(pi):
    """kill -9 of both: a start opens the pins."""
    pi.running()
    pi.sh("sprinkle src 1 8")
    pi.expect({1, 8})
    both_kill(pi)
    pi.expect({1, 8})
    pi.start()
    pi.expect(set())


def sigterm(pi):
    """SIGTERM opens all, and the server ends."""
    pi.running()
    pi.sh("sprinkle src 1-8")
    pi.expect(ALL)
    pi.sh(f"kill -TERM {pi.supervisor()}")
    seconds = pi.expect(set())
    pi.stopped()
    return seconds


def kill_server(pi):
    """ks opens all, and the server ends."""
    pi.running()
    pi.sh("sprinkle src 1-8")
    pi.expect(ALL)
    pi.sh("sprinkle ks")
    seconds = pi.expect(set())
    pi.stopped()
    return seconds


def line_in_use(pi):
    """A line that another program holds: the start fails and says which and by whom."""
    pi.end()
    old = "(libgpiod) v1." in pi.sh("gpioset --version")
    options = "-m signal gpiochip0" if old else "-c gpiochip0"
    pi.sh(f"gpioset {options} 19=1 & echo $! >/run/holder")
    pi.wait("gpioinfo | grep gpioset", FOLLOW_S, "gpioset has no line")
    got, text = pi.guest.run(f"{SERVER} -f 2>&1")
    pi.sh("kill $(cat /run/holder)")
    pi.wait("! gpioinfo | grep gpioset", FOLLOW_S, "gpioset has the line")
    if got == 0:
        raise Failure("the server ended with status 0")
    for words in ("19", "relay 5", "gpioset"):
        if words not in text:
            raise Failure(f"no \"{words}\" in: {text}")


def wrong_line_is_seen(pi):
    """The witness is no echo: told line 12 for relay 3, the server moves 12 and not 13."""
    pi.end()
    pi.configure({**LINES, 3: 12})
    pi.start()
    pi.sh("sprinkle src 3")
    pi.wait("sprinkle -j grs 3 | grep -q closed", FOLLOW_S, "relay 3 is not closed")
    levels = pi.guest.monitor.word(GPLEV0)
    if levels >> 12 & 1 or not levels >> 13 & 1:
        raise Failure(f"the levels are {levels:#010x}")
    pi.sh("sprinkle ks")
    pi.stopped()


TESTS = (starts_open, uses_libgpiod, names_itself, follows_each, follows_sets, reads_back,
         doctor_is_right, keeper_killed, supervisor_killed, both_killed, both_killed_start,
         sigterm, kill_server, line_in_use, wrong_line_is_seen)


def run(pi):
    """Run every test. Returns how many failed."""
    failed = 0
    print(f"1..{len(TESTS)}")
    for number, test in enumerate(TESTS, 1):
        try:
            seconds = test(pi)
        except (Failure, ValueError) as failure:  # ValueError: an answer that is no JSON
            failed += 1
            print(f"not ok {number} - {test.__doc__}")
            print("".join(f"# {line}\n" for line in str(failure).splitlines()), end="")
        else:
            took = f" # {seconds * 1000:.0f} ms" if seconds is not None else ""
            print(f"ok {number} - {test.__doc__}{took}")
        sys.stdout.flush()
    return failed


def main():
    """Boot, test, and tell the total."""
    wrong_line = sys.argv[1:2] == ["--wrong-line"]
    with tempfile.TemporaryDirectory(prefix="check-pi.") as folder:
        guest = Guest(sys.argv[-1], folder)
        try:
            pi = Pi(guest)
            pi.configure({**LINES, 3: 12} if wrong_line else LINES)
            failed = run(pi)
        finally:
            guest.quit()
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
