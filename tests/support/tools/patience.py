"""Waiting for what is to come about by itself, without a guess at how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_S = 0.02
PATIENCE_S = 60.0
"""Far longer than anything takes, however busy the machine is: it proves nothing about time."""


def eventually(look: Callable[[], T | None], *, within_s: float = PATIENCE_S) -> T:
    """What `look` gives as soon as that is true in Python's sense; fails when it takes too long."""
    deadline = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"it did not come about within {within_s} s"
        time.sleep(PAUSE_S)
    return found
