"""A CasterSceneAudio as the cluster holds it: who it is, what it wants, how far it came."""

from dataclasses import dataclass

from typing_extensions import override

from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status

GROUP = "live.alibabacloud.com"
VERSION = "v1alpha1"
KIND = "CasterSceneAudio"
PLURAL = "castersceneaudios"
API_VERSION = f"{GROUP}/{VERSION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRef:
    """One object for as long as it lives: a namesake made later has another uid."""

    namespace: str
    name: str
    uid: str

    @override
    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class UnreadableSpec:
    """A spec that this version of the operator can't read; the message names the field."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneAudio:
    """An object as last seen. `status` is what was recorded of it when it was seen."""

    ref: ObjectRef
    generation: int
    spec: SceneAudioSpec | UnreadableSpec
    status: Status
