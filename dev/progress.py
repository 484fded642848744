"""Lines for a person who waits."""

import sys
import time
from collections.abc import Callable

Say = Callable[[str], None]


def to_stderr(line: str) -> None:
    """Beside what a program is asked for, and at once."""
    print(line, file=sys.stderr, flush=True)


def silence(_line: str) -> None:
    """Say nothing."""


class Progress:
    """Tells every so often that a slow step goes on, and how far it has come."""

    def __init__(self, say: Say, *, every_s: float) -> None:
        self._say = say
        self._every_s = every_s
        self._began = time.monotonic()
        self._told = self._began

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._began

    def tell(self, state: Callable[[], str]) -> None:
        """Say the state, unless something was said a moment ago."""
        if time.monotonic() - self._told >= self._every_s:
            self._told = time.monotonic()
            self._say(f"  {self.elapsed_s:4.0f} s: {state()}")
