"""An event loop whose clock jumps to the next timer: hours pass in milliseconds."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from typing_extensions import override

T = TypeVar("T")

MOST_TURNS = 200_000
"""Turns of the loop within one second of its clock: more of them, and something never rests."""


class _JumpingSelector(selectors.SelectSelector):
    """Never waits: it moves the clock instead, as far as the loop would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._turns = 0
        self._second = 0

    @override
    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            message = "everything waits for something that nothing will do"
            raise RuntimeError(message)
        self.now += max(timeout, 0.0)
        self._count()
        return super().select(0)

    def _count(self) -> None:
        if self._second != int(self.now):
            self._second, self._turns = int(self.now), 0
        self._turns += 1
        if self._turns > MOST_TURNS:
            message = f"something never rests: {MOST_TURNS} turns of the loop within one second"
            raise RuntimeError(message)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _JumpingSelector()
        super().__init__(self._clock)

    @override
    def time(self) -> float:
        return self._clock.now


def run_in_virtual_time(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; a test that would wait for ever fails at once."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work)
