#!/usr/bin/env python3
"""relays_test.py [--wrong-line] IMAGE: the server on an emulated Raspberry Pi, seen from outside.

The witness of every test is the GPIO controller's own registers, read through QEMU's monitor: it
knows nothing of the server, of libgpiod, or of the kernel. With --wrong-line the server is told a
wrong line for relay 3, and the tests must fail.
"""

import json
import re
import sys

import suite
from pi import ALL, CONFIGURATION, FOLLOW_S, GPLEV0, LINES, SERVER, Failure

# The server promises a tenth of these; they tell "by itself" from "not at all", and are printed.
KEEPER_DEATH_S = 10
SUPERVISOR_DEATH_S = 5


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


def is_found(pi):
    """The chip is had by label, name and path, a line by its name, and what is not there is named."""
    pi.end()
    for chip in ("pinctrl-bcm2835", "gpiochip0", "/dev/gpiochip0"):
        text = pi.sh(f"{SERVER} -O -o gpio={chip}")
        if "pinctrl-bcm2835 (gpiochip0)" not in text:
            raise Failure(text)
    pi.sh(f"sed 's/line: 13/line: GPIO13/' {CONFIGURATION} >/run/named.yml; "
          "sprinkled -c /run/named.yml -O")
    pi.sh("sed -i s/GPIO13/GPIO99/ /run/named.yml")
    if "GPIO99" not in pi.sh("sprinkled -c /run/named.yml -O 2>&1", 1):
        raise Failure("GPIO99 is not named")
    if "rp1" not in pi.sh(f"{SERVER} -O -o gpio=pinctrl-rp1 2>&1", 1):
        raise Failure("pinctrl-rp1 is not named")


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


def doctor(pi, status, *said):
    """sprinkled -D ends with that status and says all that."""
    text = pi.sh(f"{SERVER} -D", status)
    for words in said:
        if words not in text:
            raise Failure(f'no "{words}" in:\n{text}')
    return text


def doctor_while_serving(pi):
    """sprinkled -D finds chip and lines, and has a line for config.txt to mend, nothing else."""
    pi.running()
    text = doctor(pi, 1, "pinctrl-bcm2835", "line 26 is held by the running server",
                  "user sprinkled may open /dev/gpiochip0",
                  "gpio=5,6,13,16,19,20,21,26=op,dh")
    if text.count("MEND") != 1:
        raise Failure(f"more to mend than config.txt:\n{text}")


def doctor_finds_all(pi):
    """sprinkled -D names a line in use and a device that may not be opened; mended, all is well."""
    pi.end()
    pi.hold(19)
    pi.sh("chmod 600 /dev/gpiochip0")
    doctor(pi, 1, 'MEND  relay 5 (GPIO19 on pin 35): line 19 is in use by "gpioset"',
           "MEND  user sprinkled may not open /dev/gpiochip0")
    pi.release()
    pi.sh("chmod 660 /dev/gpiochip0; mkdir -p /boot; "
          "echo gpio=5,6,13,16,19,20,21,26=op,dh >/boot/config.txt")
    doctor(pi, 0, "line 19 is free", "GPIO19 of relay 5 is driven high: open", "All is well.")


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
    pi.hold(19)
    status, text = pi.guest.run(f"{SERVER} -f 2>&1")
    pi.release()
    if status == 0:
        raise Failure("the server ended with status 0")
    for words in ("line 19", "relay 5", "gpioset"):
        if words not in text:
            raise Failure(f'no "{words}" in: {text}')


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


TESTS = (starts_open, uses_libgpiod, is_found, names_itself, follows_each, follows_sets,
         reads_back, doctor_while_serving, keeper_killed, supervisor_killed, both_killed,
         both_killed_start, sigterm, kill_server, line_in_use, doctor_finds_all,
         wrong_line_is_seen)


if __name__ == "__main__":
    suite.main(TESTS, {**LINES, 3: 12} if "--wrong-line" in sys.argv[1:] else LINES)
