"""What only the node can do to a pod: end its process, and cut it off from the network."""

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dev.e2e.cluster import Command

ENDS_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Inside:
    """The node, by the command that runs others on it."""

    execute: Command

    def __call__(self, *command: str) -> str:
        """What it writes; raises CalledProcessError."""
        return subprocess.run(  # noqa: S603 (what `make e2e` was given for this)
            (*self.execute, *command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=ENDS_WITHIN_S,
            check=True,
        ).stdout

    def kill(self, container_id: str) -> None:
        """End the container's process, as a crash would."""
        self("kill", "-9", f"{self._first_process(container_id.rpartition('/')[2])}")

    @contextmanager
    def cut_off(self, pod_uid: str, *, address: str) -> Iterator[None]:
        """The pod hears nothing from the address, and what it sends there is lost.

        The pod's own network is what is changed, so the node's probes reach it as before, and a
        container that starts anew is cut off as well.
        """
        # The oldest process of a pod holds its network, and stays for as long as the pod.
        holder = self._first_process(f"pod{pod_uid}", f"pod{pod_uid.replace('-', '_')}")
        network = ("nsenter", "-t", f"{holder}", "-n", "iptables", "-w")
        rules = (("INPUT", "-s", address), ("OUTPUT", "-d", address))
        for rule in rules:
            self(*network, "-I", *rule, "-j", "DROP")
        try:
            yield
        finally:
            for rule in rules:
                self(*network, "-D", *rule, "-j", "DROP")

    def _first_process(self, *groups: str) -> int:
        """As the node numbers it; by what the names of its control groups have in them."""
        patterns = " ".join(f"-e {shlex.quote(group)}" for group in groups)
        found = self("sh", "-c", f"grep -ls {patterns} /proc/[0-9]*/cgroup || true")
        processes = sorted(int(path.split("/")[2]) for path in found.split())
        assert processes, f"no process in {groups[0]}"
        return processes[0]
