"""The parameters of the three calls, flat, as the service takes them."""

import json

from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.spec import (
    AudioFilter,
    Channel,
    FollowMode,
    Layer,
    NoiseReduction,
    SceneAudioSpec,
    VoiceBeautification,
)

FOLLOW_ENABLE = {FollowMode.AUDIO_MIXING: "0", FollowMode.AUDIO_FOLLOWS_VIDEO: "1"}
VALID_CHANNEL = {
    Channel.ALL: "all",
    Channel.LEFT: "leftChannel",
    Channel.RIGHT: "rightChannel",
}


def update_parameters(wanted: SceneAudioSpec) -> dict[str, str]:
    """Of UpdateCasterSceneAudio. What the spec leaves out is absent, so the service keeps it."""
    parameters = _scene(wanted.caster_id, wanted.scene_id, wanted.region_id)
    if wanted.follow_mode is not None:
        parameters["FollowEnable"] = FOLLOW_ENABLE[wanted.follow_mode]
    for number, layer in enumerate(wanted.layers or (), start=1):
        parameters[f"MixList.{number}"] = layer.location_id
        for name, value in layer_parameters(layer).items():
            parameters[f"AudioLayer.{number}.{name}"] = value
    return parameters


def describe_parameters(scene: SceneRef) -> dict[str, str]:
    """Of DescribeCasterSceneAudio and DescribeCasterScenes, which take the same."""
    return _scene(scene.caster_id, scene.scene_id, scene.region_id)


def caster_parameters(caster_id: str, region_id: str | None) -> dict[str, str]:
    """Of DescribeCasterScenes, for all scenes of a caster."""
    region = {} if region_id is None else {"RegionId": region_id}
    return {"CasterId": caster_id, **region}


def _scene(caster_id: str, scene_id: str, region_id: str | None) -> dict[str, str]:
    return {"SceneId": scene_id, **caster_parameters(caster_id, region_id)}


def layer_parameters(layer: Layer) -> dict[str, str]:
    """By the service's names. All four, always: what is removed from the spec goes back to its default in the studio."""
    return {
        "VolumeRate": str(abs(layer.volume_rate)),  # abs: JSON has a -0.0, the service may not
        "ValidChannel": VALID_CHANNEL[layer.valid_channel],
        "FixedDelayDuration": str(layer.fixed_delay_milliseconds),
        "Filter": filter_json(layer.filter),
    }


def filter_json(wanted: AudioFilter) -> str:
    """The filter with all five keys, so that none keeps an earlier value."""
    noise, voice = wanted.noise_reduction, wanted.voice_beautification
    keys = {
        "enableAgc": wanted.automatic_gain_control,
        "enableAns": noise is not None,
        "ansMode": noise is NoiseReduction.MUSIC,
        "enableBeautify": voice is not None,
        "voiceBeautifyMode": voice is VoiceBeautification.FRESH_FEMALE,
    }
    numbers = {name: int(value) for name, value in keys.items()}
    return json.dumps(numbers, separators=(",", ":"))
