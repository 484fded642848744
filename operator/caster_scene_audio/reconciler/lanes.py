"""The lanes of all accounts: made when first needed, run as long as the operator does."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.reconciler.lane import Lane, Start
from caster_scene_audio.reconciler.queue import BusyScenes
from caster_scene_audio.reconciler.token_bucket import Clock, TokenBucket

Source = SecretRef | None
"""Where credentials come from: a Secret, or with None the operator's own."""


@dataclass(frozen=True, slots=True)
class Updates:
    """Update calls of one account: they share its quota."""

    account: str


@dataclass(frozen=True, slots=True)
class Reads:
    """Reading calls of one account: they share a quota of their own."""

    account: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Objects whose account isn't known yet. A line for each source: none waits for another's."""

    source: Source


LaneKey = Updates | Reads | Unresolved


class Lanes:
    """One lane for each key; scenes are shared, so that no two lanes call for the same one."""

    def __init__(
        self,
        *,
        update_qps: float,
        read_qps: float,
        max_in_flight: int,
        start: Callable[[LaneKey, str], None],
        clock: Clock,
    ) -> None:
        self.scenes = BusyScenes()
        self._update_qps = update_qps
        self._read_qps = read_qps
        self._max_in_flight = max_in_flight
        self._start = start
        self._clock = clock
        self._lanes: dict[LaneKey, Lane] = {}
        self._tasks: dict[LaneKey, asyncio.Task[None]] = {}
        self._broken: asyncio.Future[None] | None = None

    def __iter__(self) -> Iterator[tuple[LaneKey, Lane]]:
        return iter(self._lanes.items())

    def __getitem__(self, key: LaneKey) -> Lane:
        if key not in self._lanes:
            self._lanes[key] = self._made(key)
            self._run_if_running(key)
        return self._lanes[key]

    async def run(self) -> None:
        """Run every lane, those made later too, until cancelled."""
        self._broken = asyncio.get_running_loop().create_future()
        try:
            for key in self._lanes:
                self._run_if_running(key)
            await self._broken
        finally:
            self._broken = None
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            self._tasks.clear()

    def close_if_idle(self, key: LaneKey) -> None:
        """Sources come and go; an account's lane stays, as it remembers how fast it may be."""
        if isinstance(key, Unresolved) and not self._lanes[key].queue:
            del self._lanes[key]
            if task := self._tasks.pop(key, None):
                task.cancel()

    def _made(self, key: LaneKey) -> Lane:
        return Lane(
            str(key),
            bucket=self._bucket_for(key),
            max_in_flight=self._max_in_flight,
            scenes=self.scenes,
            start=self._start_for(key),
            clock=self._clock,
        )

    def _bucket_for(self, key: LaneKey) -> TokenBucket | None:
        match key:
            case Updates():
                return TokenBucket(quota_per_s=self._update_qps, clock=self._clock)
            case Reads():
                return TokenBucket(quota_per_s=self._read_qps, clock=self._clock)
            case Unresolved():
                return None

    def _start_for(self, key: LaneKey) -> Start:
        def start(uid: str) -> None:
            self._start(key, uid)

        return start

    def _run_if_running(self, key: LaneKey) -> None:
        if self._broken is not None:
            task = asyncio.create_task(self._lanes[key].run(), name=f"lane {key}")
            task.add_done_callback(self._ended)
            self._tasks[key] = task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A lane ends only by a defect: that must end the operator, not stall one account."""
        if not task.cancelled() and self._broken and not self._broken.done():
            self._broken.set_exception(task.exception() or RuntimeError("a lane came to its end"))
