"""A boot of the emulated Raspberry Pi, and a list of tests on it, told in TAP."""

import sys
import tempfile

from guest import Guest
from pi import Failure, Pi


def run_one(number, test, pi):
    """Run one test, named by its docstring; it may return how long something took, in s."""
    try:
        seconds = test(pi)
    except (Failure, ValueError) as failure:  # ValueError: an answer that is no JSON
        print(f"not ok {number} - {test.__doc__}")
        print("".join(f"# {line}\n" for line in str(failure).splitlines()), end="", flush=True)
        return False
    took = f" # {seconds * 1000:.0f} ms" if seconds is not None else ""
    print(f"ok {number} - {test.__doc__}{took}", flush=True)
    return True


def run(image, lines, tests):
    """Boot, test with relays on these lines, and tell the total. Returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="check-pi.") as folder:
        guest = Guest(image, folder)
        try:
            pi = Pi(guest)
            pi.configure(lines)
            print(f"1..{len(tests)}")
            passed = sum(run_one(number, test, pi) for number, test in enumerate(tests, 1))
        finally:
            guest.quit()
    failed = len(tests) - passed
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


def main(tests, lines):
    """The image is the last argument."""
    sys.exit(run(sys.argv[-1], lines, tests))
