"""Whether a scene is as a spec says: the simulation's own judgement, not the operator's."""

from caster_scene_audio.domain.audio import ObservedAudio, ObservedLayer
from caster_scene_audio.domain.spec import Layer, SceneAudioSpec
from tests.support.simulation.watched_studio import as_float32


def is_unlike(spec: SceneAudioSpec, audio: ObservedAudio) -> bool:
    """Whether something that the spec says is told to be otherwise; filters never are."""
    if spec.follow_mode is not None and audio.follow_mode not in {None, spec.follow_mode}:
        return True
    if spec.layers is None or audio.layers is None:
        return False
    if [each.location_id for each in spec.layers] != [each.location_id for each in audio.layers]:
        return True
    pairs = zip(spec.layers, audio.layers, strict=True)
    return any(False in _agreements(layer, told) for layer, told in pairs)


def is_like(spec: SceneAudioSpec, audio: ObservedAudio) -> bool:
    """Whether all that the spec says is told, and told to be so; filters are never told."""
    is_mode_untold = spec.follow_mode is not None and audio.follow_mode is None
    are_layers_untold = spec.layers is not None and audio.layers is None
    if spec.names_filters or is_mode_untold or are_layers_untold or is_unlike(spec, audio):
        return False
    pairs = zip(spec.layers or (), audio.layers or (), strict=False)
    return all(None not in _agreements(layer, told) for layer, told in pairs)


def _agreements(layer: Layer, told: ObservedLayer) -> list[bool | None]:
    """Of each field that can be read; None: it wasn't told."""
    volume, channel = told.volume_rate, told.valid_channel
    delay_ms = told.fixed_delay_milliseconds
    return [
        None if volume is None else as_float32(volume) == as_float32(layer.volume_rate),
        None if channel is None else channel == layer.valid_channel,
        None if delay_ms is None else delay_ms == layer.fixed_delay_milliseconds,
    ]
