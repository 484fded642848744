"""A replica's ways to the service and to the API server, which have a loop of their own."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Protocol, TypeVar

from typing_extensions import override

from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Cluster, Live, Recorded
from tests.support.simulation.watched_cluster import WatchedCluster

T = TypeVar("T")


class World(Protocol):
    """Where both are: what is asked there goes on though whoever asked may end."""

    @property
    def studio(self) -> Live: ...
    @property
    def cluster(self) -> WatchedCluster: ...
    async def ask(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T: ...


class AskedLive(Live):
    def __init__(self, world: World) -> None:
        self._world = world

    @override
    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        work = partial(self._world.studio.update_scene_audio, wanted, credentials)
        return await self._world.ask(work)

    @override
    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        work = partial(self._world.studio.describe_scene_audio, scene, credentials)
        return await self._world.ask(work)

    @override
    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        work = partial(self._world.studio.describe_scenes, scene, credentials)
        return await self._world.ask(work)


class AskedCluster(Cluster):
    def __init__(self, world: World) -> None:
        self._world = world

    @override
    async def write_status(self, ref: ObjectRef, status: Status) -> Recorded:
        work = partial(self._world.cluster.write_status, ref, status)
        return await self._world.ask(work)

    @override
    async def announce(self, ref: ObjectRef, event: ObjectEvent) -> None:
        await self._world.ask(partial(self._world.cluster.announce, ref, event))
