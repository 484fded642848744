"""The reconcile loop: what is seen is decided upon, queued, called in its turn, and reported."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import assert_never

from typing_extensions import override

from caster_scene_audio.domain.conclusion import refused
from caster_scene_audio.domain.decision import Apply, Priority, Refuse, Rest, next_step
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import ObjectGone
from caster_scene_audio.reconciler.attempt import Attempt
from caster_scene_audio.reconciler.queue import Scene, WorkQueue
from caster_scene_audio.reconciler.reporter import Reporter
from caster_scene_audio.reconciler.token_bucket import TokenBucket

log = logging.getLogger(__name__)

AFTER_DEFECT_S = 60.0
"""An object on which the operator itself stumbled is tried again after this long."""


class Controller:
    """Keeps every studio as its object says. All methods belong to one event loop.

    What the watch tells decides what an object wants; what was done for it is remembered here,
    as the watch may lag behind our own writes. Only an object seen for the first time is believed
    its recorded status: that is how a restart knows what is done.
    """

    def __init__(  # noqa: PLR0913 (all that it is composed of)
        self,
        *,
        attempt: Attempt,
        reporter: Reporter,
        bucket: TokenBucket,
        max_in_flight: int,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._attempt = attempt
        self._reporter = reporter
        self._bucket = bucket
        self._slots = asyncio.Semaphore(max_in_flight)
        self._now = now
        self._monotonic = monotonic
        self._objects: dict[str, SceneAudio] = {}
        self._queue = WorkQueue()
        self._under_way: dict[str, asyncio.Task[None]] = {}

    @override
    def __repr__(self) -> str:
        return f"Controller({len(self._objects)} objects, {self._queue!r})"

    @property
    def known(self) -> frozenset[str]:
        """The uids of all objects that are remembered."""
        return frozenset(self._objects)

    def see(self, seen: SceneAudio) -> None:
        """Take in an object as the watch or a list shows it."""
        uid = seen.ref.uid
        known = self._objects.get(uid)
        self._objects[uid] = replace(seen, status=known.status) if known else seen
        self._decide(uid)

    def forget(self, uid: str) -> None:
        """The object is deleted: no more calls. One in flight is not torn off."""
        self._objects.pop(uid, None)
        self._queue.drop(uid)

    async def run(self) -> None:
        """Dispatch calls at the bucket's pace until cancelled."""
        while True:
            await self._until_due()
            await self._slots.acquire()
            await self._until_token()
            # Only now is it settled who goes: whoever is first at this moment.
            if not self._dispatch_one():
                self._slots.release()

    async def drain(self) -> None:
        """Let what is in flight end and be reported; `run` is to be cancelled before."""
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    async def _until_due(self) -> None:
        while not self._queue.has_due(self._monotonic()):
            self._queue.changed.clear()
            due = self._queue.next_due()
            patience = None if due is None else due - self._monotonic()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._queue.changed.wait()

    async def _until_token(self) -> None:
        while (wait_s := self._bucket.ready_in_s()) > 0:  # noqa: ASYNC110 (a pause can grow)
            await asyncio.sleep(wait_s)

    def _decide(self, uid: str) -> None:
        """Line the object up for whatever its state calls for; whoever is under way comes after."""
        seen = self._objects.get(uid)
        if seen is None or uid in self._under_way:
            return
        match next_step(seen):
            case Rest():
                self._queue.drop(uid)
            case Refuse(message):
                self._queue.drop(uid)
                self._start(uid, self._refuse(seen, message))
            case Apply() as step:
                self._line_up(uid, step)
            case unreachable:
                assert_never(unreachable)

    def _line_up(self, uid: str, step: Apply) -> None:
        now = self._monotonic()
        wait_s = (step.not_before - self._now()).total_seconds() if step.not_before else 0.0
        self._queue.put(
            uid,
            scene=_scene_of(step.spec),
            priority=step.priority,
            due=now + max(0.0, wait_s),
            now=now,
        )

    def _dispatch_one(self) -> bool:
        uid = self._queue.take(self._monotonic())
        if uid is None:
            return False
        seen = self._objects[uid]
        if isinstance(seen.spec, SceneAudioSpec):
            self._bucket.take()
            self._start(uid, self._apply(seen, seen.spec))
            return True
        return False

    def _start(self, uid: str, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name=f"reconcile {uid}")
        self._under_way[uid] = task
        task.add_done_callback(partial(self._ended, uid))

    def _ended(self, uid: str, task: asyncio.Task[None]) -> None:
        del self._under_way[uid]
        if task.cancelled():
            return
        if defect := task.exception():
            log.error("The operator stumbled on an object", exc_info=defect, extra={"uid": uid})
            self._put_off(uid)
        else:
            self._decide(uid)

    def _put_off(self, uid: str) -> None:
        seen = self._objects.get(uid)
        if seen and isinstance(seen.spec, SceneAudioSpec):
            now = self._monotonic()
            self._queue.put(
                uid,
                scene=_scene_of(seen.spec),
                priority=Priority.RETRY,
                due=now + AFTER_DEFECT_S,
                now=now,
            )

    async def _apply(self, seen: SceneAudio, spec: SceneAudioSpec) -> None:
        try:
            after = await self._attempt.apply(seen, spec)
        finally:
            self._queue.release(_scene_of(spec))
            self._slots.release()
        await self._conclude(seen, after)

    async def _refuse(self, seen: SceneAudio, message: str) -> None:
        after = refused(seen.status, generation=seen.generation, message=message, now=self._now())
        await self._conclude(seen, after)

    async def _conclude(self, seen: SceneAudio, after: Status) -> None:
        uid = seen.ref.uid
        if uid not in self._objects:
            return
        self._objects[uid] = replace(self._objects[uid], status=after)
        try:
            await self._reporter.report(seen.ref, before=seen.status, after=after)
        except ObjectGone:
            self.forget(uid)


def _scene_of(spec: SceneAudioSpec) -> Scene:
    return spec.caster_id, spec.scene_id
