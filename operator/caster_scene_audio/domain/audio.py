"""What the service tells of a studio: a scene, and its audio as read back."""

from dataclasses import dataclass

from caster_scene_audio.domain.spec import Channel, FollowMode, SceneAudioSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneRef:
    """One scene of one caster; `region_id` None leaves the region to the endpoint."""

    caster_id: str
    scene_id: str
    region_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedLayer:
    """One layer as read back. The service doesn't tell its filter."""

    location_id: str
    volume_rate: float
    valid_channel: Channel
    fixed_delay_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedAudio:
    """The audio of a scene as DescribeCasterSceneAudio tells it."""

    request_id: str
    follow_mode: FollowMode | None
    layers: tuple[ObservedLayer, ...]


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
