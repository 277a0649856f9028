"""A Raspberry Pi 3 in QEMU: what runs inside by its serial port, its registers from outside."""

import json
import re
import socket
import subprocess
import time


class GuestError(Exception):
    """The guest did not do what every guest does: it is of no more use."""


def connect(path, limit):
    """A stream to a Unix socket that QEMU is about to open."""
    deadline = time.monotonic() + limit
    while True:
        stream = socket.socket(socket.AF_UNIX)
        try:
            stream.connect(path)
            return stream
        except (FileNotFoundError, ConnectionRefusedError) as error:
            stream.close()
            if time.monotonic() > deadline:
                raise GuestError(f"no {path} after {limit} s") from error
            time.sleep(0.01)


class Monitor:
    """QEMU's monitor: the machine seen from outside, whatever runs in it."""

    def __init__(self, path):
        self.stream = connect(path, 20)
        self.stream.settimeout(20)
        self.lines = self.stream.makefile("r", encoding="utf-8")
        self.lines.readline()  # the greeting
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        """Execute a command and return its answer; events that come between are left out."""
        request = {"execute": command, "arguments": arguments}
        self.stream.sendall(json.dumps(request).encode())
        while line := self.lines.readline():
            answer = json.loads(line)
            if "error" in answer:
                raise GuestError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise GuestError(f"{command}: the monitor has gone")

    def word(self, address):
        """The 32-bit word at a physical address."""
        text = self.ask("human-monitor-command", **{"command-line": f"xp /1wx {address:#x}"})
        found = re.search(r": 0x([0-9a-f]{8})", text)
        if not found:
            raise GuestError(f"xp {address:#x}: {text}")
        return int(found.group(1), 16)


class Guest:
    """One boot of the image. Sockets and logs lie in folder; parameters are for the kernel."""

    def __init__(self, image, folder, parameters=""):
        self.folder = folder
        self.qemu = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL",  # never outlives us
             "qemu-system-aarch64", "-M", "raspi3b", "-display", "none", "-no-reboot",
             "-kernel", f"{image}/vmlinuz", "-dtb", f"{image}/board.dtb",
             "-initrd", f"{image}/initramfs",
             "-append", f"console=ttyS1,115200 rdinit=/init panic=-1 {parameters}",
             "-serial", f"unix:{folder}/dialogue,server=on,wait=on",
             "-serial", f"file:{folder}/kernel.log",
             "-qmp", f"unix:{folder}/monitor,server=on,wait=off"],
            stdin=subprocess.DEVNULL, stderr=open(f"{folder}/qemu.log", "w", encoding="utf-8"))
        try:
            self.dialogue = connect(f"{folder}/dialogue", 20)
            self.monitor = Monitor(f"{folder}/monitor")
            self.unread = b""
            self.answer(120)  # the boot
        except BaseException:
            self.qemu.kill()
            self.qemu.wait()
            raise

    def answer(self, limit):
        """What came up to a line "<status>": (status, text)."""
        deadline = time.monotonic() + limit
        while not (end := re.search(rb"^<(\d+)>\n", self.unread, re.MULTILINE)):
            self.dialogue.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                came = self.dialogue.recv(4096)
            except TimeoutError:
                came = b""
            if not came:
                raise GuestError(f"no answer within {limit} s, but {self.unread!r}\n{self.logs()}")
            self.unread += came
        text = self.unread[:end.start()].decode(errors="replace")
        self.unread = self.unread[end.end():]
        return int(end.group(1)), text

    def run(self, command, limit=60):
        """Have a shell command of one line done inside: (status, output)."""
        self.dialogue.sendall(command.encode() + b"\n")
        return self.answer(limit)

    def logs(self):
        """The last that the kernel and QEMU had to say."""
        text = ""
        for name in ("kernel.log", "qemu.log"):
            with open(f"{self.folder}/{name}", encoding="utf-8", errors="replace") as log:
                text += "".join(log.readlines()[-10:])
        return text

    def quit(self):
        """End the machine as if its plug were pulled."""
        self.monitor.ask("quit")
        self.qemu.wait(20)
