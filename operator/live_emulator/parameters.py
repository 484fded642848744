"""The parameters of a call, parsed as strictly as the service documents them."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_pascal

from live_emulator.answers import Refused
from live_emulator.audio import AudioChange, Filter, Layer

CASTER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.*-]{0,127}")
SCENE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.*-]{0,127}")
LOCATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MEMBERS = {to_pascal(name): name for name in Layer.model_fields if name != "location_id"}
"""What an audio layer may be given, by the service's name and ours."""
_LAYER = re.compile(rf"AudioLayer\.([1-9][0-9]{{0,3}})\.({'|'.join(_MEMBERS)})")
_PLACE = re.compile(r"MixList\.([1-9][0-9]{0,3})")
# As Python, Java and JavaScript write numbers; no infinity, no underscore, no blank.
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")


def malformed(name: str) -> Refused:
    return Refused("InvalidParameter.Malformed", f"The specified parameter {name} is malformed.")


def caster_id(parameters: Mapping[str, str]) -> str:
    text = parameters.get("CasterId", "")
    if not CASTER_ID.fullmatch(text):
        raise Refused("InvalidCasterId.Malformed")
    return text


def scene_id(parameters: Mapping[str, str], name: str = "SceneId") -> str:
    text = parameters.get(name, "")
    if not SCENE_ID.fullmatch(text):
        raise malformed(name)
    return text


def check_owner(parameters: Mapping[str, str]) -> None:
    """OwnerId is every API's hidden parameter: the number of an account."""
    if "OwnerId" in parameters and not re.fullmatch(r"[0-9]{1,19}", parameters["OwnerId"]):
        raise Refused("InvalidUserId.Malformed")


def audio_change(parameters: Mapping[str, str]) -> AudioChange:
    """What the update sets: AudioLayer.N and MixList.N only together, numbered from 1."""
    follow_enable = _follow_enable(parameters.get("FollowEnable", ""))
    layers = _numbered_layers(parameters)
    places = _numbered_places(parameters)
    numbers = list(range(1, len(places) + 1))
    if sorted(layers) != numbers or sorted(places) != numbers:
        raise Refused("InvalidAudioLayersAndMixListSize.Mismatch")
    if not numbers:
        return AudioChange(follow_enable=follow_enable)
    return AudioChange(
        follow_enable=follow_enable,
        layers=tuple(_layer(n, places[n], layers[n]) for n in numbers),
    )


def _follow_enable(text: str) -> int | None:
    """Empty is documented to keep the last setting."""
    if text not in {"", "0", "1"}:
        raise malformed("FollowEnable")
    return int(text) if text else None


def _numbered_layers(parameters: Mapping[str, str]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for name, value in parameters.items():
        if name.startswith("AudioLayer"):
            match = _LAYER.fullmatch(name)
            if match is None:
                raise malformed(name)
            found.setdefault(int(match[1]), {})[match[2]] = value
    return found


def _numbered_places(parameters: Mapping[str, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, value in parameters.items():
        if name.startswith("MixList"):
            match = _PLACE.fullmatch(name)
            if match is None or not LOCATION_ID.fullmatch(value):
                raise malformed(name)
            found[int(match[1])] = value
    return found


def _layer(number: int, location_id: str, members: Mapping[str, str]) -> Layer:
    prefix = f"AudioLayer.{number}"
    given: dict[str, Any] = {"location_id": location_id}
    for member, name in _MEMBERS.items():
        if (text := members.get(member)) is not None:
            given[name] = _parser_of(name)(text, f"{prefix}.{member}")
    try:
        return Layer.model_validate(given)
    except ValidationError as error:
        member = to_pascal(str(error.errors()[0]["loc"][0]))
        raise malformed(f"{prefix}.{member}") from None


def _parser_of(name: str) -> Callable[[str, str], object]:
    """By the type that the model gives the field."""
    parsers: dict[Any, Callable[[str, str], object]] = {
        float: _number,
        int: _integer,
        Filter: _filter,
    }
    return parsers.get(Layer.model_fields[name].annotation, lambda text, _: text)


def _number(text: str, name: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise malformed(name)
    return float(text)


def _integer(text: str, name: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise malformed(name)
    return int(text)


def _filter(text: str, name: str) -> Filter:
    """Every key is optional; an unknown key, or a value that isn't 0 or 1, is malformed."""
    try:
        given = json.loads(text)
        return Filter.read(given)
    except (ValueError, RecursionError):
        raise malformed(name) from None
