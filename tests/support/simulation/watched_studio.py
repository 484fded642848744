"""A studio that says of every call whether it may be made, and can be slow and fail."""

import asyncio
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from typing_extensions import override

from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef, scene_of
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed, Failure
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.simulation.fakes import SILENCE, FakeLive
from tests.support.simulation.objects import failure

UPDATE, READ, LIST = "update", "read", "list"
LAYER_FIELDS = frozenset({"volume_rate", "valid_channel", "fixed_delay_milliseconds"})
Permission = Callable[[str, SceneRef, SceneAudioSpec | None, Credentials], str | None]
"""What is wrong with a call: action, scene, what it writes, and who signed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What comes of a call; `applied`: its change is made all the same."""

    failure: Failure
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A call that left, and when, in seconds of the loop's clock."""

    at_s: float
    action: str
    scene_id: str


def _allowed(*_: object) -> str | None:
    return None


async def _on(point: str) -> None:
    """Nothing comes between."""


@dataclass
class WatchedStudio(FakeLive):
    """Describes volumes as the 32-bit floats that it keeps."""

    permission: Permission = _allowed
    wrong: list[str] = field(default_factory=list)
    passes: Callable[[str], Awaitable[None]] = _on
    """Is told where in a call it is: others act there, or the operator ends."""
    ended: Callable[[str, SceneRef, ObservedAudio | None], None] = lambda *_: None
    """Is told of every call that is answered well, and what a reading told."""
    troubles: dict[str, deque[Trouble]] = field(
        default_factory=lambda: {action: deque() for action in (UPDATE, READ, LIST)}
    )
    lasting: dict[str, Trouble] = field(default_factory=dict)
    """What comes of every call of an action."""
    untold: set[str] = field(default_factory=set)
    """Fields that readings leave out."""
    latency_s: float = 0
    made: list[Made] = field(default_factory=list)
    """Every call, in order."""
    told: dict[str, ObservedAudio | None] = field(default_factory=dict)
    """What the last reading of each scene told; None where it failed."""
    told_air: dict[str, tuple[float, bool]] = field(default_factory=dict)
    """When a scene was last told to be on air or not."""

    @override
    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        scene = scene_of(wanted)
        trouble = self._begin(UPDATE, scene, wanted, credentials)
        if trouble is None or trouble.applied:
            self._set(wanted)
        self.updates.append(wanted)
        await self._answer(UPDATE, scene, trouble)
        self.ended(UPDATE, scene, None)
        await self.passes(f"{UPDATE} answered")
        return f"REQUEST-{len(self.updates)}"

    @override
    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        trouble = self._begin(READ, scene, None, credentials)
        audio = self.as_told(self.audio.get(scene.scene_id, SILENCE))
        self.reads.append(scene.scene_id)
        self.told[scene.scene_id] = None
        await self._answer(READ, scene, trouble)
        self.told[scene.scene_id] = audio
        self.ended(READ, scene, audio)
        await self.passes(f"{READ} answered")
        return audio

    @override
    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        trouble = self._begin(LIST, scene, None, credentials)
        on_air = scene.scene_id in self.on_air
        await self._answer(LIST, scene, trouble)
        self.told_air[scene.scene_id] = (asyncio.get_running_loop().time(), on_air)
        await self.passes(f"{LIST} answered")
        return (Scene(scene_id=scene.scene_id, name="", active=True, on_air=on_air),)

    def as_told(self, audio: ObservedAudio) -> ObservedAudio:
        """Without what readings leave out."""
        kept = as_kept(audio)
        nothing: dict[str, Any] = dict.fromkeys(self.untold)
        of_layers = {name: nothing.pop(name) for name in LAYER_FIELDS & self.untold}
        layers = tuple(replace(each, **of_layers) for each in kept.layers or ())
        return replace(kept, **({"layers": layers} | nothing))

    def _begin(
        self, action: str, scene: SceneRef, wanted: SceneAudioSpec | None, signer: Credentials
    ) -> Trouble | None:
        self.made.append(Made(asyncio.get_running_loop().time(), action, scene.scene_id))
        if objection := self.permission(action, scene, wanted, signer):
            self.wrong.append(f"{action} of {scene.scene_id}: {objection}")
        if "bad" in signer.access_key_id:
            return Trouble(failure=failure("InvalidAccessKeyId.NotFound", 404))
        troubles = self.troubles[action]
        return troubles.popleft() if troubles else self.lasting.get(action)

    async def _answer(self, action: str, scene: SceneRef, trouble: Trouble | None) -> None:
        is_of_nobody = trouble is not None and trouble.failure.code == "InvalidAccessKeyId.NotFound"
        with self._in_flight(f"{id(trouble)}" if is_of_nobody else scene.scene_id):
            await self.passes(f"{action} sent")
            await asyncio.sleep(self.latency_s)
        if trouble:
            raise CallFailed(trouble.failure)


def as_kept(audio: ObservedAudio) -> ObservedAudio:
    """0.9 is told as 0.8999999761581421."""
    layers = tuple(
        replace(layer, volume_rate=as_float32(layer.volume_rate)) for layer in audio.layers or ()
    )
    return replace(audio, layers=layers)


def as_float32(value: float | None) -> float | None:
    """The nearest of the numbers that the service keeps."""
    if value is None:
        return None
    (narrowed,) = struct.unpack("<f", struct.pack("<f", value))
    return float(narrowed)
