"""Lets calls of the service and writes to the cluster pass only while this process leads."""

from typing_extensions import override

from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Cluster, Leadership, Live, Recorded


class Alone(Leadership):
    """The leadership of a process that runs without other replicas: it always leads."""

    @override
    async def held(self) -> None:
        return


class FencedLive(Live):
    """Passes every call on while this process leads; one that comes later waits for the end."""

    def __init__(self, live: Live, leadership: Leadership) -> None:
        self._live = live
        self._leadership = leadership

    @override
    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        await self._leadership.held()
        return await self._live.update_scene_audio(wanted, credentials)

    @override
    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        await self._leadership.held()
        return await self._live.describe_scene_audio(scene, credentials)

    @override
    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        await self._leadership.held()
        return await self._live.describe_scenes(scene, credentials)


class FencedCluster(Cluster):
    """Passes every write on while this process leads: a later one would undo the next leader's."""

    def __init__(self, cluster: Cluster, leadership: Leadership) -> None:
        self._cluster = cluster
        self._leadership = leadership

    @override
    async def write_status(self, ref: ObjectRef, status: Status) -> Recorded:
        await self._leadership.held()
        return await self._cluster.write_status(ref, status)

    @override
    async def announce(self, ref: ObjectRef, event: ObjectEvent) -> None:
        await self._leadership.held()
        await self._cluster.announce(ref, event)
