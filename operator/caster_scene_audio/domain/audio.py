"""A scene and its audio: as the service tells it, and as a spec would say it."""

from dataclasses import dataclass, fields
from sys import intern
from typing import Any

from pydantic.alias_generators import to_camel

from caster_scene_audio.domain.spec import AppliedAudio, Channel, FollowMode, Layer, SceneAudioSpec

AUDIO_FIELDS = {"follow_mode", "layers"}
"""The fields of a spec that are sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneRef:
    """One scene of one caster; `region_id` None leaves the region to the endpoint."""

    caster_id: str
    scene_id: str
    region_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedLayer:
    """One layer as read back, its fields named as a spec's. None: the service didn't tell it.

    The filter is never told.
    """

    location_id: str
    volume_rate: float | None
    valid_channel: Channel | None
    fixed_delay_milliseconds: int | None


_NAMES = {each.name: intern(to_camel(each.name)) for each in fields(ObservedLayer)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedAudio:
    """The audio of a scene as DescribeCasterSceneAudio tells it. None: it was not told."""

    request_id: str
    follow_mode: FollowMode | None
    layers: tuple[ObservedLayer, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A scene as DescribeCasterScenes lists it; `on_air` is OutputType 1 (PGM)."""

    scene_id: str
    name: str
    active: bool
    on_air: bool


def scene_of(spec: SceneAudioSpec) -> SceneRef:
    """The scene that a spec is for."""
    return SceneRef(caster_id=spec.caster_id, scene_id=spec.scene_id, region_id=spec.region_id)


def audio_as_spec(audio: ObservedAudio) -> dict[str, Any]:
    """What a spec would say to get this audio; without the filters, which aren't told."""
    said: dict[str, Any] = {}
    if audio.follow_mode is not None:
        said["followMode"] = str(audio.follow_mode)
    if audio.layers:
        said["layers"] = [_layer_as_spec(layer) for layer in audio.layers]
    return said


def audio_from_spec(said: AppliedAudio) -> ObservedAudio:
    """What a reading of this audio would tell."""
    layers = None if said.layers is None else tuple(map(_layer_from_spec, said.layers))
    return ObservedAudio(request_id="", follow_mode=said.follow_mode, layers=layers)


def _layer_from_spec(layer: Layer) -> ObservedLayer:
    return ObservedLayer(**{each.name: getattr(layer, each.name) for each in fields(ObservedLayer)})


def _layer_as_spec(layer: ObservedLayer) -> dict[str, Any]:
    values = {name: getattr(layer, field) for field, name in _NAMES.items()}
    return {
        name: value.value if isinstance(value, Channel) else value
        for name, value in values.items()
        if value is not None
    }
