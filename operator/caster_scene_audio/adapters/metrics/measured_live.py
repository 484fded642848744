"""The service, with every call counted and timed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from caster_scene_audio.adapters.metrics.instruments import Instruments
from caster_scene_audio.adapters.metrics.labels import OTHER, SUCCESS, code_label
from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.ports import Live

T = TypeVar("T")

UPDATE = "UpdateCasterSceneAudio"
READ = "DescribeCasterSceneAudio"
LIST = "DescribeCasterScenes"
ACTIONS = (UPDATE, READ, LIST)


class MeasuredLive:
    """Passes every call on, and its answer back, as they are."""

    def __init__(self, live: Live, instruments: Instruments, *, clock: Callable[[], float]) -> None:
        self._live = live
        self._instruments = instruments
        self._clock = clock
        for action in ACTIONS:  # there from the start: a rate needs a first value
            instruments.calls.labels(action, SUCCESS, "Success")
            instruments.call_seconds.labels(action)
            instruments.in_flight.labels(action)

    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        return await self._measured(UPDATE, self._live.update_scene_audio(wanted, credentials))

    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        return await self._measured(READ, self._live.describe_scene_audio(scene, credentials))

    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        return await self._measured(LIST, self._live.describe_scenes(scene, credentials))

    async def _measured(self, action: str, call: Awaitable[T]) -> T:
        code, outcome = OTHER, "Defect"
        with self._timed(action):
            try:
                answer = await call
                code, outcome = SUCCESS, "Success"
            except CallFailed as failed:
                code, outcome = code_label(failed.failure.code), failed.failure.reason.value
                raise
            except asyncio.CancelledError:
                outcome = "Cancelled"
                raise
            finally:
                self._instruments.calls.labels(action, code, outcome).inc()
        return answer

    @contextmanager
    def _timed(self, action: str) -> Iterator[None]:
        began = self._clock()
        with self._instruments.in_flight.labels(action).track_inprogress():
            try:
                yield
            finally:
                self._instruments.call_seconds.labels(action).observe(self._clock() - began)
