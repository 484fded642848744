"""Two replicas with a Lease, each in a loop of its own: one can be paused while the others go on.

The API server and the service have a third loop. Time passes in small slices, in which each loop has
its turn. A paused replica has none, and finds its clocks ahead when it wakes.
"""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, TypeVar

from typing_extensions import override

from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.leadership.leases import LeaseStore
from tests.support.simulation.replica import SimulatedReplica, ended, until
from tests.support.simulation.virtual_time import VirtualTimeLoop
from tests.support.simulation.watched_cluster import Body, WatchedCluster
from tests.support.simulation.watched_studio import WatchedStudio

T = TypeVar("T")

SLICE_S = 0.1


class Pair:
    """Steps are taken with `wait`; in between nothing moves."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (the same each time)
        self.loop = VirtualTimeLoop()
        self.lease = LeaseStore()
        self.cluster = WatchedCluster(later=self.loop.call_later, told=self._told)
        self.studio = WitnessedStudio(self.lease)
        self.replicas = [SimulatedReplica(name, self) for name in ("one", "two")]
        self._abroad: set[asyncio.Task[Any]] = set()

    @property
    def wrong(self) -> list[str]:
        """Everything that must never be."""
        overlapped = ["two calls were in flight for a scene"] if self.studio.overlapped else []
        return [*self.studio.wrong, *self.cluster.wrong, *overlapped]

    def wait(self, seconds: float) -> None:
        until_s = self.loop.time() + seconds
        while (now_s := self.loop.time()) < until_s:
            moment_s = min(until_s, now_s + SLICE_S)
            self.loop.run_until_complete(until(moment_s))
            for each in self.replicas:
                each.pass_time(now_s, moment_s)

    def close(self) -> None:
        for each in self.replicas:
            each.close()
        self.loop.run_until_complete(ended(asyncio.all_tasks(self.loop)))
        self.loop.close()

    async def ask(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Have it done in the world's loop; it goes on there though whoever asked may end."""
        here = asyncio.get_running_loop()
        answer: asyncio.Future[T] = here.create_future()

        def begin() -> None:
            task = self.loop.create_task(work())
            self._abroad.add(task)
            task.add_done_callback(finish)

        def finish(task: asyncio.Task[T]) -> None:
            self._abroad.discard(task)
            if not here.is_closed():
                here.call_soon_threadsafe(_answered, answer, task)

        self.loop.call_soon_threadsafe(begin)
        return await answer

    def _told(self, uid: str, body: Body | None) -> None:
        seen = None if body is None else scene_audio_from(body)
        for each in self.replicas:
            each.loop.call_soon_threadsafe(each.see, uid, seen)


class WitnessedStudio(WatchedStudio):
    """Whoever calls must hold the Lease just then. An access key is the name of its replica."""

    def __init__(self, lease: LeaseStore) -> None:
        super().__init__()
        self._lease = lease
        self.times_s: list[float] = []
        """When an update came."""

    @override
    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        self._check("an update", credentials)
        self.times_s.append(asyncio.get_running_loop().time())
        return await super().update_scene_audio(wanted, credentials)

    @override
    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        self._check("a reading", credentials)
        return await super().describe_scene_audio(scene, credentials)

    @override
    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        self._check("a list", credentials)
        return await super().describe_scenes(scene, credentials)

    def _check(self, call: str, credentials: Credentials) -> None:
        if self._lease.holder != credentials.access_key_id:
            self.wrong.append(
                f"{call} by {credentials.access_key_id}, though {self._lease.holder} leads"
            )


def _answered(answer: asyncio.Future[T], task: asyncio.Task[T]) -> None:
    if answer.done() or task.cancelled():
        return
    if error := task.exception():
        answer.set_exception(error)
    else:
        answer.set_result(task.result())
