"""The server on the guest, and its relays as the pins show them."""

import time

LINES = {1: 5, 2: 6, 3: 13, 4: 16, 5: 19, 6: 20, 7: 21, 8: 26}  # the reference board
PINS = {1: 29, 2: 31, 3: 33, 4: 36, 5: 35, 6: 38, 7: 40, 8: 37}
ALL = set(LINES)
GPIO = 0x3F200000  # BCM2837: function select registers, three bits a line
GPLEV0 = 0x3F200034  # level of lines 0 to 31, one bit each
OUTPUT = 1

CONFIGURATION = "/etc/sprinkled.yml"
SERVER = f"sprinkled -c {CONFIGURATION}"
# Emulation is slow and the host may be busy: what is waited for may take its time, but not for ever.
READY_S = 60
FOLLOW_S = 20


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
        relays = "".join(f"  - {{line: {line}, pin: {PINS[relay]}}}\\n"
                         for relay, line in lines.items())
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

    def hold(self, line):
        """Have another program hold a line."""
        old = "(libgpiod) v1." in self.sh("gpioset --version")
        options = "-m signal gpiochip0" if old else "-c gpiochip0"
        self.sh(f"gpioset {options} {line}=1 & echo $! >/run/holder")
        self.wait("gpioinfo | grep -q gpioset", FOLLOW_S, "gpioset has no line")

    def release(self):
        """Have it let go."""
        self.sh("kill $(cat /run/holder)")
        self.wait("! gpioinfo | grep -q gpioset", FOLLOW_S, "gpioset has the line")

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
