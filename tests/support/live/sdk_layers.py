"""A layer as one who uses an official SDK writes it."""

from typing import Any

from caster_scene_audio.adapters.live.parameters import filter_json
from caster_scene_audio.domain.spec import Channel, Layer

CHANNELS = {Channel.ALL: "all", Channel.LEFT: "leftChannel", Channel.RIGHT: "rightChannel"}


def sdk_members(layer: Layer) -> dict[str, Any]:
    """By the service's names; the newer SDK spells them in snake_case."""
    return {
        "VolumeRate": layer.volume_rate,
        "ValidChannel": CHANNELS[layer.valid_channel],
        "FixedDelayDuration": layer.fixed_delay_milliseconds,
        "Filter": filter_json(layer.filter),
    }
