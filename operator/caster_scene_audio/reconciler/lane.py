"""A line of objects that wait for calls of one kind: at one pace, so many at once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from math import isfinite

from typing_extensions import override

from caster_scene_audio.reconciler.queue import BusyScenes, Key, WorkQueue
from caster_scene_audio.reconciler.rate_limiter import RateLimiter, Slot

Start = Callable[[Key, Slot], None]
"""Begins the work of an object whose turn has come; the lane counts it until `left`."""

BREATH_S = 0.002
"""How long a slot is left to those who ask for another."""


class Lane:
    """Lets one object after another go, when its rate limiter has a slot and fewer than so many are under way."""

    def __init__(
        self,
        name: str,
        *,
        limiter: RateLimiter,
        max_in_flight: int,
        scenes: BusyScenes,
        start: Start,
    ) -> None:
        self.name = name
        self.queue = WorkQueue(scenes)
        self.limiter = limiter
        self._freed = asyncio.Event()
        self._places = asyncio.Semaphore(max_in_flight)
        self._gone = 0
        self._start = start
        self._asking = 0

    @override
    def __repr__(self) -> str:
        return f"Lane({self.name!r}, {self.queue!r}, {self.limiter!r})"

    async def run(self) -> None:
        """Let objects go until cancelled."""
        while True:
            await self.queue.until_due()
            await self._places.acquire()
            await self._until_slot()
            while self._asking:
                await asyncio.sleep(BREATH_S)
                await self._until_slot()
            # Only now is it settled who goes: whoever is first at this moment.
            key = self.queue.take()
            if key is None:
                self._places.release()
                continue
            self._gone += 1
            self._start(key, self.limiter.take())

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits or is under way, and nothing of its pace need be remembered."""
        return not (len(self.queue) or self._gone or self._asking) and self.limiter.is_as_new

    def left(self) -> None:
        """The work of one that went has ended."""
        self._gone -= 1
        self._places.release()

    async def another_slot(self) -> Slot:
        """For another call in a turn that has begun: it goes before all that wait for theirs."""
        self._asking += 1
        try:
            await self._until_slot()
        finally:
            self._asking -= 1
        return self.limiter.take()

    def free(self, slot: Slot) -> None:
        """Nothing more will come of this slot; who waits for one looks again."""
        slot.done()
        self._freed.set()

    def throttle(self, pause_s: float) -> None:
        """The service throttled a call of this lane."""
        self.limiter.throttle(pause_s)

    async def _until_slot(self) -> None:
        while (wait_s := self.limiter.ready_in_s()) > 0:  # whatever happens meanwhile
            self._freed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s if isfinite(wait_s) else None):
                    await self._freed.wait()
