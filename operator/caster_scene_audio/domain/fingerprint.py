"""A scene's audio in other forms: as a spec would say it, and as one short word."""

import hashlib
from typing import Any

from caster_scene_audio.domain.audio import ObservedAudio
from caster_scene_audio.domain.spec import SceneAudioSpec

AUDIO_FIELDS = {"follow_mode", "layers"}


def applied_hash(spec: SceneAudioSpec) -> str:
    """What was sent, filters included: equal for specs that sound the same."""
    sent = spec.model_dump_json(include=AUDIO_FIELDS)
    return hashlib.sha256(sent.encode()).hexdigest()[:16]


def audio_as_spec(audio: ObservedAudio) -> dict[str, Any]:
    """What a spec would say to get this audio; without the filters, which aren't told."""
    said: dict[str, Any] = {}
    if audio.follow_mode is not None:
        said["followMode"] = str(audio.follow_mode)
    if audio.layers:
        said["layers"] = [
            {
                "locationId": layer.location_id,
                "volumeRate": layer.volume_rate,
                "validChannel": str(layer.valid_channel),
                "fixedDelayMilliseconds": layer.fixed_delay_ms,
            }
            for layer in audio.layers
        ]
    return said
