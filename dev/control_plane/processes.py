"""The components as processes that end with the process that started them."""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from dev.control_plane.commands import HOST

GUARD = Path(__file__).with_name("guard.py")
LOG_LINES_SHOWN = 25

# Below the ports that the kernel gives to outgoing connections (from 32768 on): a client that
# tries to reach a stopped server would sooner or later be given the server's own port.
PORTS = range(20_000, 30_000)


class Component:
    """One component; it can be started again after a stop."""

    def __init__(self, name: str, command: Sequence[str], *, log: Path) -> None:
        self.name = name
        self._command = list(command)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", f"{GUARD}", *self._command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def signal(self, signal_number: int) -> None:
        """To the component and its guard, such as SIGSTOP and SIGCONT."""
        if self._process is not None and self.running:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal_number)

    def stop(self, *, within_s: float) -> None:
        """Orderly, and by force where it doesn't end in time."""
        if self._process is None:
            return
        self.signal(signal.SIGTERM)
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self._forget()

    def kill(self) -> None:
        """At once, as a crash would."""
        self.signal(signal.SIGKILL)
        self._forget()

    def end_of_log(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        return "".join(f"  {line}\n" for line in lines) or "  (it wrote nothing)\n"

    def _forget(self) -> None:
        if self._process is not None:
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None


def free_ports() -> Iterator[int]:
    """Ports of the loopback that nobody listens on, each once."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            yield port
