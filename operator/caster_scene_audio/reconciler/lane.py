"""A line of objects that wait for calls of one kind: at one pace, so many at once."""

import asyncio
from collections.abc import Callable

from typing_extensions import override

from caster_scene_audio.reconciler.queue import BusyScenes, Key, WorkQueue
from caster_scene_audio.reconciler.token_bucket import TokenBucket

Start = Callable[[Key], None]
"""Begins the work of an object whose turn has come; the lane counts it until `left`."""


BREATH_S = 0.002
"""How long a token is left to those who ask for another."""


class Lane:
    """Lets one object after another go, when its bucket has a token and a slot is free."""

    def __init__(
        self,
        name: str,
        *,
        bucket: TokenBucket,
        max_in_flight: int,
        scenes: BusyScenes,
        start: Start,
    ) -> None:
        self.name = name
        self.queue = WorkQueue(scenes)
        self.bucket = bucket
        self._slots = asyncio.Semaphore(max_in_flight)
        self._start = start
        self._asking = 0

    @override
    def __repr__(self) -> str:
        return f"Lane({self.name!r}, {self.queue!r}, {self.bucket!r})"

    async def run(self) -> None:
        """Let objects go until cancelled."""
        while True:
            await self.queue.until_due()
            await self._slots.acquire()
            await self._until_token()
            while self._asking:
                await asyncio.sleep(BREATH_S)
                await self._until_token()
            # Only now is it settled who goes: whoever is first at this moment.
            key = self.queue.take()
            if key is None:
                self._slots.release()
                continue
            self.bucket.take()
            self._start(key)

    def left(self) -> None:
        """The work of one that went has ended."""
        self._slots.release()

    async def another_token(self) -> None:
        """For another call in a turn that has begun: it goes before all that wait for theirs."""
        self._asking += 1
        try:
            await self._until_token()
        finally:
            self._asking -= 1
        self.bucket.take()

    def throttle(self, pause_s: float) -> None:
        """The service throttled a call of this lane."""
        self.bucket.throttle(pause_s)

    async def _until_token(self) -> None:
        while (wait_s := self.bucket.ready_in_s()) > 0:  # noqa: ASYNC110 (a pause can grow)
            await asyncio.sleep(wait_s)
