"""A studio that says of every call whether it may be made, and can be slow and fail."""

import asyncio
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from typing_extensions import override

from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef, scene_of
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed, Failure
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.simulation.fakes import SILENCE, FakeLive
from tests.support.simulation.objects import failure

UPDATE, READ, LIST = "update", "read", "list"
Permission = Callable[[str, SceneRef, SceneAudioSpec | None, Credentials], str | None]
"""What is wrong with a call: action, scene, what it writes, and who signed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What comes of a call; `applied`: its change is made all the same."""

    failure: Failure
    applied: bool = False


def _allowed(*_: object) -> str | None:
    return None


@dataclass
class WatchedStudio(FakeLive):
    """Describes volumes as the 32-bit floats that it keeps."""

    permission: Permission = _allowed
    wrong: list[str] = field(default_factory=list)
    troubles: dict[str, deque[Trouble]] = field(
        default_factory=lambda: {action: deque() for action in (UPDATE, READ, LIST)}
    )
    latency_s: float = 0
    written: dict[str, SceneAudioSpec] = field(default_factory=dict)
    """What was last written to each scene."""
    told: dict[str, ObservedAudio | None] = field(default_factory=dict)
    """What the last reading of each scene told; None where it failed."""
    told_air: dict[str, tuple[float, bool]] = field(default_factory=dict)
    """When a scene was last told to be on air or not."""
    failed: set[str] = field(default_factory=set)
    """Scenes whose last update failed."""

    @override
    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        trouble = self._begin(UPDATE, scene_of(wanted), wanted, credentials)
        if trouble is None or trouble.applied:
            self._set(wanted)
            self.written[wanted.scene_id] = wanted
        self.updates.append(wanted)
        self.failed.add(wanted.scene_id)
        await self._answer(wanted.scene_id, trouble)
        self.failed.discard(wanted.scene_id)
        return f"REQUEST-{len(self.updates)}"

    @override
    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        trouble = self._begin(READ, scene, None, credentials)
        audio = self.audio.get(scene.scene_id, SILENCE)
        self.reads.append(scene.scene_id)
        self.told[scene.scene_id] = None
        await self._answer(scene.scene_id, trouble)
        self.told[scene.scene_id] = as_kept(audio)
        return as_kept(audio)

    @override
    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        trouble = self._begin(LIST, scene, None, credentials)
        on_air = scene.scene_id in self.on_air
        await self._answer(scene.scene_id, trouble)
        self.told_air[scene.scene_id] = (asyncio.get_running_loop().time(), on_air)
        return (Scene(scene_id=scene.scene_id, name="", active=True, on_air=on_air),)

    def _begin(
        self, action: str, scene: SceneRef, wanted: SceneAudioSpec | None, signer: Credentials
    ) -> Trouble | None:
        if objection := self.permission(action, scene, wanted, signer):
            self.wrong.append(f"{action} of {scene.scene_id}: {objection}")
        if "bad" in signer.access_key_id:
            return Trouble(failure=failure("InvalidAccessKeyId.NotFound", 404))
        troubles = self.troubles[action]
        return troubles.popleft() if troubles else None

    async def _answer(self, scene_id: str, trouble: Trouble | None) -> None:
        with self._in_flight(scene_id):
            await asyncio.sleep(self.latency_s)
        if trouble:
            raise CallFailed(trouble.failure)


def as_kept(audio: ObservedAudio) -> ObservedAudio:
    """0.9 is told as 0.8999999761581421."""
    layers = tuple(
        replace(layer, volume_rate=_as_float32(layer.volume_rate)) for layer in audio.layers or ()
    )
    return replace(audio, layers=layers)


def _as_float32(value: float | None) -> float | None:
    if value is None:
        return None
    (narrowed,) = struct.unpack("<f", struct.pack("<f", value))
    return float(narrowed)
