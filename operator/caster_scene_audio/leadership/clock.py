"""The clock that a Lease is measured by."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any


def boot_clock(system: Any = time) -> Callable[[], float]:
    """Seconds that nobody sets, and that go on while the machine sleeps.

    Linux's CLOCK_MONOTONIC stands still meanwhile: a leader that wakes would take a Lease for its
    own that is long another's. Where a system has no other clock, it has to do.
    """
    boottime = getattr(system, "CLOCK_BOOTTIME", None)
    if boottime is None:
        monotonic: Callable[[], float] = system.monotonic
        return monotonic
    return partial(system.clock_gettime, boottime)
