"""The lanes of all accounts, and which of them an object stands in."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from caster_scene_audio.domain.decision import Apply, Read
from caster_scene_audio.reconciler.lane import Lane, Start
from caster_scene_audio.reconciler.queue import BusyScenes, SceneKey, scene_key
from caster_scene_audio.reconciler.rate_limiter import Clock, RateLimiter, Slot


@dataclass(frozen=True, slots=True)
class Updates:
    """Update calls of one account: they share its quota."""

    account: str


@dataclass(frozen=True, slots=True)
class Reads:
    """Reading calls of one account: they share a quota of their own."""

    account: str


LaneKey = Updates | Reads

LOOK_S = 60.0
"""How often lanes are looked for that nobody needs any more."""


def call_key(key: LaneKey, step: Apply | Read) -> SceneKey:
    """A scene of the account: those who name it with other keys are not in its way."""
    return key.account, *scene_key(step.spec)


def lane_key(account: str, step: Apply | Read) -> LaneKey:
    return Updates(account) if isinstance(step, Apply) else Reads(account)


class Lanes:
    """One lane for each key; scenes are shared, so that no two lanes call for the same one."""

    def __init__(  # noqa: PLR0913 (all that it is composed of)
        self,
        *,
        update_qps: float,
        read_qps: float,
        max_in_flight: int,
        used_until: float,
        start: Callable[[LaneKey, str, Slot], None],
        in_use: Callable[[], Collection[str]],
        clock: Clock,
    ) -> None:
        self.scenes = BusyScenes()
        self._update_qps = update_qps
        self._read_qps = read_qps
        self._max_in_flight = max_in_flight
        self._start = start
        self._in_use = in_use
        self._clock = clock
        self._used_until = used_until
        self._lanes: dict[LaneKey, Lane] = {}
        self._lane_of: dict[str, LaneKey] = {}
        self._tasks: dict[LaneKey, asyncio.Task[None]] = {}
        self._broken: asyncio.Future[None] | None = None

    def __iter__(self) -> Iterator[tuple[LaneKey, Lane]]:
        return iter(self._lanes.items())

    def __getitem__(self, key: LaneKey) -> Lane:
        if key not in self._lanes:
            self._lanes[key] = self._made(key)
            self._run_if_running(key)
        return self._lanes[key]

    def put(self, uid: str, key: LaneKey, step: Apply | Read, *, namespace: str) -> None:
        """Let the object wait in this lane for its turn; it leaves any other."""
        if self._lane_of.get(uid) != key:
            self.drop(uid)
        self._lane_of[uid] = key
        self[key].queue.put(
            uid, scene=call_key(key, step), priority=step.priority, namespace=namespace
        )

    def drop(self, uid: str) -> None:
        """Out of line, if the object is in one."""
        if key := self._lane_of.pop(uid, None):
            self._lanes[key].queue.drop(uid)

    def is_throttled(self, uid: str) -> bool:
        """Whether the object stands in a lane that the service has slowed down."""
        key = self._lane_of.get(uid)
        return key is not None and self._lanes[key].limiter.is_throttled

    async def run(self) -> None:
        """Run every lane, those made later too, until cancelled."""
        self._broken = asyncio.get_running_loop().create_future()
        try:
            for key in self._lanes:
                self._run_if_running(key)
            while not (await asyncio.wait({self._broken}, timeout=LOOK_S))[0]:
                self._close_unused()
            self._broken.result()
        finally:
            self._broken = None
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            self._tasks.clear()

    def _close_unused(self) -> None:
        """Lanes of accounts that no credentials lead to any more; a call may use both of an account."""
        in_use = {*self._in_use()}
        for account in {key.account for key in self._lanes} - in_use:
            both = [key for key in (Updates(account), Reads(account)) if key in self._lanes]
            if all(self._lanes[key].is_idle for key in both):
                for key in both:
                    self._close(key)

    def _close(self, key: LaneKey) -> None:
        del self._lanes[key]
        if task := self._tasks.pop(key, None):
            task.cancel()

    def _made(self, key: LaneKey) -> Lane:
        quota_per_s = self._update_qps if isinstance(key, Updates) else self._read_qps
        return Lane(
            str(key),
            limiter=RateLimiter(
                quota_per_s=quota_per_s, clock=self._clock, used_until=self._used_until
            ),
            max_in_flight=self._max_in_flight,
            scenes=self.scenes,
            start=self._start_for(key),
        )

    def _start_for(self, key: LaneKey) -> Start:
        def start(uid: str, slot: Slot) -> None:
            self._lane_of.pop(uid, None)
            self._start(key, uid, slot)

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
