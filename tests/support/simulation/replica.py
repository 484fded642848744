"""One of two replicas in virtual time: its process can be paused, killed, stopped and cut off."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from datetime import datetime, timedelta
from random import Random
from typing import Any, NoReturn, Protocol, TypeVar

from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.health import Health, Watches
from caster_scene_audio.leadership.election import as_leader
from caster_scene_audio.leadership.fence import FencedCluster, FencedLive
from caster_scene_audio.ports import Leadership, Live
from caster_scene_audio.reconciler.controller import Controller, Pace
from caster_scene_audio.reconciler.keyring import Keyring
from caster_scene_audio.tasks import all_go_on, cancelled, first_of
from tests.support.leadership.leases import Candidate, LeaseApi, LeaseStore, candidate
from tests.support.simulation.bridges import AskedCluster, AskedLive, World
from tests.support.simulation.fakes import FakeAccounts, FakeOwnCredentials, FakeSecrets, key
from tests.support.simulation.house import controller_of
from tests.support.simulation.objects import NOON
from tests.support.simulation.virtual_time import VirtualTimeLoop
from tests.support.simulation.watched_cluster import WatchedCluster

T = TypeVar("T")

RESTART_S = 2.0
"""From the end of a process to the start of the next, as a kubelet does it."""

QUOTA = 10


class Surroundings(World, Protocol):
    lease: LeaseStore
    random: Random


class Aborted(Exception):  # noqa: N818 (named for what happened)
    """The process ended at once, as it lost its Lease."""


class PausableLoop(VirtualTimeLoop):
    def skip_to(self, moment_s: float) -> None:
        """What was due meanwhile is due at once, as after a pause of the process."""
        self._clock.now = max(self._clock.now, moment_s)


class SimulatedReplica:
    def __init__(self, name: str, world: Surroundings) -> None:
        self.name = name
        self.loop = PausableLoop()
        self.clock_offset = timedelta()
        self.is_paused = False
        self.is_cut_off = False
        """Whether its requests about the Lease get no answer."""
        self._is_dying = False
        self._world = world
        self._controller: Controller | None = None
        self._candidate: Candidate | None = None
        self._stopping: asyncio.Event | None = None
        self._passing: asyncio.Task[None] | None = None
        self._living = self.loop.create_task(self._live())

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.loop.time()) + self.clock_offset

    def pass_time(self, since_s: float, until_s: float) -> None:
        """One that was paused wakes at `since_s`."""
        if self.is_paused:
            return
        self.loop.skip_to(since_s)
        self._passing = self.loop.create_task(until(until_s))
        self.loop.run_until_complete(self._passing)

    @property
    def studio(self) -> Live:
        return self._world.studio

    @property
    def cluster(self) -> WatchedCluster:
        return self._world.cluster

    async def ask(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What it asks of the world while it is torn down, it doesn't ask any more."""
        if self._is_dying:
            await self.loop.create_future()
        return await self._world.ask(work)

    def see(self, uid: str, seen: SceneAudio | None) -> None:
        if self._controller is None:
            return
        if seen is None:
            self._controller.forget(uid)
        else:
            self._controller.see(seen)

    def cut_off(self, *, is_cut_off: bool) -> None:
        self.is_cut_off = is_cut_off
        if self._candidate is not None:
            way: LeaseApi = self._candidate.api
            way.hangs = is_cut_off

    def stop(self) -> None:
        """SIGTERM; a paused one hears of it when it wakes."""
        if self._stopping is not None:
            self.loop.call_soon_threadsafe(self._stopping.set)

    def kill(self) -> None:
        """SIGKILL, which a paused one hears of as well."""
        self.is_paused = False
        self._is_dying = True
        self.loop.run_until_complete(ended(asyncio.all_tasks(self.loop)))
        self._is_dying = False
        self._controller = None
        self._living = self.loop.create_task(self._live())

    def close(self) -> None:
        self.loop.run_until_complete(ended(asyncio.all_tasks(self.loop)))
        self.loop.close()

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(RESTART_S)
            try:
                await self._run()
            except Aborted:
                pass
            finally:
                self._controller = None
            await ended(asyncio.all_tasks() - {self._living, self._passing})

    async def _run(self) -> None:
        stopping = self._stopping = asyncio.Event()
        self._candidate = candidate(self._world.lease, self.name)
        self.cut_off(is_cut_off=self.is_cut_off)
        watches = Watches((), silence_s=180, clock=self.loop.time)
        asked = asyncio.create_task(stopping.wait())

        async def operate(leadership: Leadership) -> bool:
            return await self._operate(leadership, asked)

        await as_leader(
            self._candidate.leadership,
            operate,
            stopping=asked,
            health=Health(self._candidate.liveness, watches),
            abort=_abort,
        )

    async def _operate(self, leadership: Leadership, stopping: asyncio.Task[Any]) -> bool:
        controller = self._controller = self._composed(leadership)
        for body in self._world.cluster.bodies.values():
            controller.see(scene_audio_from(body))
        calling = asyncio.create_task(controller.run())
        try:
            await first_of(stopping, all_go_on(calling))
        finally:
            await cancelled(calling)
        await controller.drain()
        return True

    def _composed(self, leadership: Leadership) -> Controller:
        secrets = FakeSecrets()
        return controller_of(
            live=FencedLive(AskedLive(self), leadership),
            cluster=FencedCluster(AskedCluster(self), leadership),
            keyring=Keyring(
                own=FakeOwnCredentials(current=key(self.name)),
                secrets=secrets,
                accounts=FakeAccounts(),
            ),
            secrets=secrets,
            access=AccessPolicy(),
            pace=Pace(
                update_qps=QUOTA,
                read_qps=15,
                max_in_flight=32,
                used_until=self.loop.time(),
            ),
            now=self.now,
            monotonic=self.loop.time,
            jitter=self._world.random.uniform,
            made=Controller,
        )


def _abort() -> NoReturn:
    raise Aborted


async def until(moment_s: float) -> None:
    """Return at this moment of the running loop's clock."""
    await asyncio.sleep(moment_s - asyncio.get_running_loop().time())


async def ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Torn off, as by the end of their process."""
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
