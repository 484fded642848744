"""What a person meant who wrote a name that isn't one: of a field, or of a choice."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

_NEAR = 0.6

# What other tools, the service's own API and a mixing desk call it.
FIELDS: Mapping[str, str] = {
    "followenable": "followMode",
    "afv": "followMode",
    "audiofollowsvideo": "followMode",
    "audiomode": "followMode",
    "gain": "volumeRate",
    "level": "volumeRate",
    "loudness": "volumeRate",
    "fader": "volumeRate",
    "volumedb": "volumeRate",
    "mute": "volumeRate",
    "muted": "volumeRate",
    "audiolayer": "layers",
    "audiolayers": "layers",
    "audiolayerlist": "layers",
    "sources": "layers",
    "channels": "layers",
    "tracks": "layers",
    "delay": "fixedDelayMilliseconds",
    "delayms": "fixedDelayMilliseconds",
    "fixeddelay": "fixedDelayMilliseconds",
    "fixeddelayduration": "fixedDelayMilliseconds",
    "offset": "fixedDelayMilliseconds",
    "channel": "validChannel",
    "pan": "validChannel",
    "source": "locationId",
    "input": "locationId",
    "id": "locationId",
    "agc": "automaticGainControl",
    "ans": "noiseReduction",
    "denoise": "noiseReduction",
    "voice": "voiceBeautification",
    "beautification": "voiceBeautification",
    "studio": "casterId",
    "studioid": "casterId",
    "scene": "sceneId",
    "secret": "credentialsSecretRef",
    "secretref": "credentialsSecretRef",
    "credentials": "credentialsSecretRef",
    "observe": "mode",
    "paused": "suspend",
    "pause": "suspend",
    "suspended": "suspend",
    "period": "interval",
    "refresh": "interval",
}

# Of a field, what stands for which of its choices. The service says 0 and 1 for the follow mode.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "followMode": {
        **dict.fromkeys(("true", "1", "afv", "follow", "video"), "AudioFollowsVideo"),
        **dict.fromkeys(("false", "0", "mix", "mixing", "mixed"), "AudioMixing"),
    },
    "validChannel": {
        **dict.fromkeys(("l", "leftchannel", "左", "左声道"), "LeftChannel"),
        **dict.fromkeys(("r", "rightchannel", "右", "右声道"), "RightChannel"),
        **dict.fromkeys(("both", "stereo", "true", "lr"), "All"),
    },
    "onAir": {"true": "Wait", "false": "Apply"},
    "noiseReduction": {"true": "Speech", "voice": "Speech"},
    "voiceBeautification": {"male": "MagneticMale", "female": "FreshFemale"},
    "mode": {"readonly": "Observe", "watch": "Observe"},
    "drift": {"true": "Correct", "false": "Ignore", "warn": "Report", "fix": "Correct"},
}
_OFF = {"off", "none", "false", "no", "0", "disabled", "null", "n"}


def near_field(name: str, known: Iterable[str]) -> str | None:
    """The field of these that the name stands for, if one is near enough."""
    names = list(known)
    if (meant := FIELDS.get(_bare(name))) in names:
        return meant
    return _nearest(name, names)


def near_choice(field: str, written: Any, choices: list[str]) -> str | None:
    """The choice that a value stands for, if one is near enough."""
    word = f"{written}"
    meant = CHOICES.get(field, {}).get(_bare(word))
    return meant if meant in choices else _nearest(word, choices)


def is_off(written: Any) -> bool:
    """Whether a value says that there is to be nothing."""
    return f"{written}".strip().lower() in _OFF


def _nearest(word: str, names: list[str]) -> str | None:
    """By letters alone, then by beginning or end, then by likeness."""
    bare = {_bare(name): name for name in names}
    asked = _bare(word)
    if asked in bare:
        return bare[asked]
    if len(asked) >= 3:
        parts = [name for known, name in bare.items() if _is_part(asked, known)]
        if len(parts) == 1:
            return parts[0]
    found = difflib.get_close_matches(asked, bare, n=1, cutoff=_NEAR)
    return bare[found[0]] if found else None


def _is_part(asked: str, known: str) -> bool:
    return known.startswith(asked) or known.endswith(asked) or asked.startswith(known)


def _bare(word: str) -> str:
    return re.sub(r"[\s_\-.]", "", word).lower()
