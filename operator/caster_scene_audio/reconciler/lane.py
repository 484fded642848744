"""A line of objects that wait for calls of one kind: at one pace, so many at once."""

import asyncio
import contextlib
from collections.abc import Callable

from typing_extensions import override

from caster_scene_audio.reconciler.queue import BusyScenes, Key, WorkQueue
from caster_scene_audio.reconciler.token_bucket import Clock, TokenBucket

Start = Callable[[Key], None]
"""Begins the work of an object whose turn has come; the lane counts it until `left`."""


BREATH_S = 0.002
"""How long a token is left to those who ask for another."""


class Lane:
    """Lets one object after another go, when its bucket has a token and a slot is free.

    Without a bucket it lets go at once: that is for work that calls nothing.
    """

    def __init__(  # noqa: PLR0913 (all that it is composed of)
        self,
        name: str,
        *,
        bucket: TokenBucket | None,
        max_in_flight: int,
        scenes: BusyScenes,
        start: Start,
        clock: Clock,
    ) -> None:
        self.name = name
        self.queue = WorkQueue(scenes)
        self._bucket = bucket
        self._slots = asyncio.Semaphore(max_in_flight)
        self._start = start
        self._clock = clock
        self._asking = 0

    @override
    def __repr__(self) -> str:
        return f"Lane({self.name!r}, {self.queue!r}, {self._bucket!r})"

    @property
    def bucket(self) -> TokenBucket | None:
        """The lane's pace, to be looked at."""
        return self._bucket

    async def run(self) -> None:
        """Let objects go until cancelled."""
        while True:
            await self._until_due()
            await self._slots.acquire()
            await self._until_token()
            while self._asking:
                await asyncio.sleep(BREATH_S)
                await self._until_token()
            # Only now is it settled who goes: whoever is first at this moment.
            key = self.queue.take(self._clock())
            if key is None:
                self._slots.release()
                continue
            self._take_token()
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
        self._take_token()

    def throttle(self, pause_s: float) -> None:
        """The service throttled a call of this lane."""
        if self._bucket:
            self._bucket.throttle(pause_s)

    async def _until_due(self) -> None:
        changed = self.queue.changed
        while not self.queue.has_due(self._clock()):
            changed.clear()
            due = self.queue.next_due()
            patience = None if due is None else due - self._clock()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await changed.wait()

    async def _until_token(self) -> None:
        while self._bucket and (wait_s := self._bucket.ready_in_s()) > 0:  # noqa: ASYNC110 (a pause can grow)
            await asyncio.sleep(wait_s)

    def _take_token(self) -> None:
        if self._bucket:
            self._bucket.take()
