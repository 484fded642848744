"""What became of an object, told to the cluster: level-based, and beside the work.

Of each object the newest status is written, until the API server has it. One that is refused, slow
or overwritten by another writer holds up no call, and is written again at a bounded pace.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from caster_scene_audio.domain.backoff import Backoff, Jitter
from caster_scene_audio.domain.object_event import ObjectEvent, object_event_of
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.status import Status, says_something_new
from caster_scene_audio.ports import Cluster, ClusterUnavailable, ObjectGone, Recorded
from caster_scene_audio.reconciler.turnstile import Turnstile

log = logging.getLogger(__name__)

REFUSED = Backoff(first_s=0.5, cap_s=30)
"""How long a status rests that the API server didn't take."""

OVERWRITTEN = Backoff(first_s=1, cap_s=300)
"""How long a status rests that another writer overwrites again and again."""

QUIET_S = 600.0
"""A status that stood for so long is overwritten for the first time again."""

MOST_EVENTS = 16
"""Events that wait for their object's status; of more the oldest are lost."""


@dataclass(slots=True)
class _Report:
    """What is still to be told of one object."""

    ref: ObjectRef
    wanted: Status | None = None
    events: deque[ObjectEvent] = field(default_factory=lambda: deque(maxlen=MOST_EVENTS))
    rest_s: float = 0.0
    """What another writer overwrites is written again after so long; what is new goes at once."""
    news: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _Overwritten:
    times: int
    last: float


class Reporter:
    """Writes statuses, a bounded number at a time, each for as long as it takes.

    Args:
        cluster: Where statuses are written and Events told.
        jitter: A number between two others, evenly spread.
        clock: Monotonic seconds.
        max_writes: Statuses and Events that may be under way at once; namespaces take turns.
    """

    def __init__(
        self,
        *,
        cluster: Cluster,
        jitter: Jitter,
        clock: Callable[[], float],
        max_writes: int = 16,
    ) -> None:
        self._cluster = cluster
        self._jitter = jitter
        self._clock = clock
        self._turnstile = Turnstile(max_writes)
        self._reports: dict[str, _Report] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._overwritten: dict[str, _Overwritten] = {}
        self._recorded: Callable[[str, Recorded], None] = lambda *_: None
        self._gone: Callable[[str], None] = lambda _: None

    def subscribe(
        self, *, recorded: Callable[[str, Recorded], None], gone: Callable[[str], None]
    ) -> None:
        """Have it told when the API server has a status, or no such object."""
        self._recorded, self._gone = recorded, gone

    def is_pending(self, uid: str) -> bool:
        """Whether a status of the object is still to be written."""
        report = self._reports.get(uid)
        return report is not None and report.wanted is not None

    def report(self, ref: ObjectRef, *, before: Status, after: Status) -> None:
        """Have what is new written, and told as an Event."""
        if not says_something_new(before, after):
            return
        report = self._reports.setdefault(ref.uid, _Report(ref))
        report.wanted = after
        report.news.set()
        if event := object_event_of(before, after):
            report.events.append(event)
        self._start(ref.uid)

    def restore(self, ref: ObjectRef, status: Status) -> None:
        """Another writer has overwritten the status: write it again, ever less often."""
        if self.is_pending(ref.uid):
            return
        now = self._clock()
        before = self._overwritten.get(ref.uid)
        times = before.times + 1 if before and now - before.last < QUIET_S else 1
        self._overwritten[ref.uid] = _Overwritten(times, now)
        log.warning(
            "Status overwritten by another writer; it is written again",
            extra={"object": str(ref), "times": times},
        )
        report = self._reports.setdefault(ref.uid, _Report(ref))
        report.wanted = status
        report.rest_s = OVERWRITTEN.step_s(times - 1) if times > 1 else 0.0
        report.news.clear()
        self._start(ref.uid)

    def forget(self, uid: str) -> None:
        """The object is gone: nothing is told of it any more."""
        self._reports.pop(uid, None)
        self._overwritten.pop(uid, None)

    async def drain(self) -> None:
        """Until everything is told."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def close(self) -> None:
        """Tell nothing any more."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    def _start(self, uid: str) -> None:
        if uid not in self._tasks:
            self._tasks[uid] = asyncio.create_task(self._told(uid), name=f"report {uid}")

    async def _told(self, uid: str) -> None:
        try:
            await self._tell(uid)
        finally:  # at once: what is reported from now on begins another task
            self._tasks.pop(uid, None)

    async def _tell(self, uid: str) -> None:
        """Write the newest status until it is there, then tell the Events."""
        failures = 0
        while report := self._reports.get(uid):
            if report.rest_s > 0:
                await self._rested(report)
            elif report.wanted is not None:
                if not await self._written(uid, report, report.wanted):
                    failures += 1
                    await asyncio.sleep(REFUSED.delay_s(failures, self._jitter))
            elif report.events:
                await self._announced(report)
            else:
                self._reports.pop(uid)

    async def _rested(self, report: _Report) -> None:
        rest_s, report.rest_s = report.rest_s, 0.0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(rest_s):
                await report.news.wait()

    async def _written(self, uid: str, report: _Report, status: Status) -> bool:
        async with self._turnstile.turn(report.ref.namespace):
            if self._reports.get(uid) is not report:
                return True
            try:
                recorded = await self._cluster.write_status(report.ref, status)
            except ObjectGone:
                self.forget(uid)
                self._gone(uid)
                return True
            except ClusterUnavailable as reason:
                trouble = str(reason)
            except Exception:
                log.exception("Status not written by a defect", extra={"object": str(report.ref)})
                return False
            else:
                if report.wanted is status:
                    report.wanted = None
                self._recorded(uid, recorded)
                return True
        log.warning(
            "Status not written; it is tried again",
            extra={"object": str(report.ref), "error": trouble},
        )
        return False

    async def _announced(self, report: _Report) -> None:
        async with self._turnstile.turn(report.ref.namespace):
            try:
                await self._cluster.announce(report.ref, report.events.popleft())
            except Exception:
                log.exception("Event not told by a defect", extra={"object": str(report.ref)})
