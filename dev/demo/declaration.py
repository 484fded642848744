"""A CasterSceneAudio object of the examples, and the audio that it asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dev.demo.audio import Audio, Layer, processing, volume

CHANNELS = {"All": "all", "LeftChannel": "left", "RightChannel": "right"}
VOICES = {"MagneticMale": "magnetic male", "FreshFemale": "fresh female"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What stands in one file, or what the API server gave."""

    name: str
    caster: str
    scene: str
    spec: dict[str, Any]

    def asks_for(self, kept: Audio) -> Audio:
        """What the scene's audio is to be; what the object leaves out stays as it was."""
        mode, layers = self.spec.get("followMode"), self.spec.get("layers")
        return Audio(
            follows_video=kept.follows_video if mode is None else mode == "AudioFollowsVideo",
            layers=kept.layers if layers is None else tuple(_layer(each) for each in layers),
        )


def read_file(path: Path) -> Declaration:
    return from_object(yaml.safe_load(path.read_text()))


def from_object(found: dict[str, Any]) -> Declaration:
    spec = found["spec"]
    return Declaration(found["metadata"]["name"], spec["casterId"], spec["sceneId"], spec)


def _layer(wanted: dict[str, Any]) -> Layer:
    """The defaults are those that the reference of the service names."""
    switched_on = wanted.get("filter", {})
    noise, voice = switched_on.get("noiseReduction"), switched_on.get("voiceBeautification")
    return Layer(
        location=wanted["locationId"],
        volume=volume(wanted.get("volumeRate", 1)),
        channel=CHANNELS[wanted.get("validChannel", "All")],
        delay_ms=wanted.get("fixedDelayMilliseconds", 0),
        processing=processing(
            gain=switched_on.get("automaticGainControl", False),
            noise=noise.lower() if noise else None,
            voice=VOICES[voice] if voice else None,
        ),
    )
