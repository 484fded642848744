"""A scene's audio in one form, whoever tells it: the service's journal, the record, or a person."""

import json
from dataclasses import dataclass
from typing import Any

FOLLOW_MODES = {"0": "AudioMixing", "1": "AudioFollowsVideo"}
CHANNELS = {"all": "All", "leftChannel": "LeftChannel", "rightChannel": "RightChannel"}
OFF = "off"


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One layer; the filter in the words of an Event."""

    location: str
    volume: float = 1.0
    channel: str = "All"
    delay_ms: int = 0
    filter: str = OFF


@dataclass(frozen=True, kw_only=True)
class Mix:
    follow_mode: str | None = None
    strips: tuple[Strip, ...] = ()


def mix_of_call(parameters: dict[str, str]) -> Mix:
    """As the service was called."""
    count = sum(name.startswith("MixList.") for name in parameters)
    return Mix(
        follow_mode=FOLLOW_MODES[parameters["FollowEnable"]],
        strips=tuple(_strip_of_call(parameters, number) for number in range(1, count + 1)),
    )


def mix_of_spec(said: dict[str, Any]) -> Mix:
    """As a spec says it, and a line of the change record."""
    return Mix(
        follow_mode=said["followMode"],
        strips=tuple(
            Strip(
                location=layer["locationId"],
                volume=layer.get("volumeRate", 1.0),
                channel=layer.get("validChannel", "All"),
                delay_ms=layer.get("fixedDelayMilliseconds", 0),
                filter=_words(layer.get("filter", {})),
            )
            for layer in said["layers"]
        ),
    )


def _strip_of_call(parameters: dict[str, str], number: int) -> Strip:
    given = {
        name: parameters[f"AudioLayer.{number}.{name}"]
        for name in ("VolumeRate", "ValidChannel", "FixedDelayDuration", "Filter")
    }
    return Strip(
        location=parameters[f"MixList.{number}"],
        volume=float(given["VolumeRate"]),
        channel=CHANNELS[given["ValidChannel"]],
        delay_ms=int(given["FixedDelayDuration"]),
        filter=_words_of_call(json.loads(given["Filter"])),
    )


def _words_of_call(sent: dict[str, int]) -> str:
    said: dict[str, Any] = {"automaticGainControl": bool(sent["enableAgc"])}
    if sent["enableAns"]:
        said["noiseReduction"] = "Music" if sent["ansMode"] else "Speech"
    if sent["enableBeautify"]:
        said["voiceBeautification"] = "FreshFemale" if sent["voiceBeautifyMode"] else "MagneticMale"
    return _words(said)


def _words(said: dict[str, Any]) -> str:
    words = []
    if said.get("automaticGainControl"):
        words.append("automatic gain control")
    if said.get("noiseReduction"):
        words.append(f"noise reduction {said['noiseReduction']}")
    if said.get("voiceBeautification"):
        words.append(f"voice beautification {said['voiceBeautification']}")
    return " and ".join(words) or OFF
