"""A program that is measured from outside: its processor time and its memory, as the kernel has them."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev.demo.programs import Program

KIB_IN_MB = 1000 / 1024 * 1000
"""Kibibytes in a megabyte of a million bytes."""


@dataclass(frozen=True, slots=True)
class Memory:
    """In megabytes; `pss_mb` counts what is shared with other processes in parts."""

    rss_mb: float
    pss_mb: float


class MeasuredProgram(Program):
    """Its figures are of the program alone, without the guard that ends it; Linux only."""

    def cpu_ms(self) -> float:
        """Of all its threads since its start; the kernel counts in steps, mostly of 10 ms."""
        after_name = Path(f"/proc/{self._pid}/stat").read_text().rpartition(") ")[2]
        user, system = after_name.split()[11:13]
        return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")

    def cpu_ms_of(self, work: Callable[[], None]) -> float:
        before = self.cpu_ms()
        work()
        return self.cpu_ms() - before

    def memory(self) -> Memory:
        lines = Path(f"/proc/{self._pid}/smaps_rollup").read_text().splitlines()[1:]
        kib = {
            name: int(rest.split()[0]) for name, _, rest in (each.partition(":") for each in lines)
        }
        return Memory(rss_mb=kib["Rss"] / KIB_IN_MB, pss_mb=kib["Pss"] / KIB_IN_MB)

    @property
    def _pid(self) -> int:
        """The guard's only child."""
        if self._process is None:
            raise ProcessLookupError(self.name)
        tasks = Path(f"/proc/{self._process.pid}/task").iterdir()
        children = " ".join((task / "children").read_text() for task in tasks).split()
        if not children:
            raise ProcessLookupError(self.name)
        return int(children[0])
