"""The reference page: each field of an object, made from what the CRD says of it.

What is sent for a field is written here, in `SENT`; a test compares it with what the client sends.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

SENT: Mapping[str, str] = {
    "spec.regionId": "`RegionId`; it chooses the host too",
    "spec.casterId": "`CasterId`",
    "spec.sceneId": "`SceneId`",
    "spec.followMode": "`FollowEnable`: 1 for AudioFollowsVideo, 0 for AudioMixing",
    "spec.layers": "`MixList.N` and `AudioLayer.N`, numbered from 1",
    "spec.layers[].locationId": "`MixList.N`",
    "spec.layers[].volumeRate": "`AudioLayer.N.VolumeRate`",
    "spec.layers[].validChannel": "`AudioLayer.N.ValidChannel`: all, leftChannel or rightChannel",
    "spec.layers[].fixedDelayMilliseconds": "`AudioLayer.N.FixedDelayDuration`",
    "spec.layers[].filter": "`AudioLayer.N.Filter`, as JSON with all five keys",
    "spec.layers[].filter.automaticGainControl": "`enableAgc` in the filter: 1 or 0",
    "spec.layers[].filter.noiseReduction": "`enableAns` 1 and `ansMode` in the filter: 0 for Speech, 1 for Music",
    "spec.layers[].filter.voiceBeautification": "`enableBeautify` 1 and `voiceBeautifyMode` in the filter: 0 for MagneticMale, 1 for"
    " FreshFemale",
}
"""Of the fields of spec that are sent with UpdateCasterSceneAudio; nothing is sent for the others."""

VOLUMES = (0, 0.1, 0.25, 0.5, 0.7, 1, 1.4, 2, 4, 10)

ACTIONS = {
    "manage, the default": (
        "UpdateCasterSceneAudio",
        "DescribeCasterSceneAudio",
        "DescribeCasterScenes",
    ),
    "`mode: Observe`": ("DescribeCasterSceneAudio",),
    "`drift: Ignore` and `onAir: Apply`": ("UpdateCasterSceneAudio",),
}
"""What a key needs to be allowed, for each way to run."""

RESOURCE = "acs:live:*:ACCOUNT:caster/CASTER"

INTRODUCTION = """\
<!-- Made from the CRD by `make chart`; dev/chart/reference.py has the rest of its words. -->
# Reference

Every field of a `CasterSceneAudio`. The same is told by kubectl:

    kubectl explain csa.spec
    kubectl explain csa.spec.layers
    kubectl explain csa.spec.layers.filter
    kubectl explain csa.status

A layer is sent whole: what it leaves out is sent with the value under "left out".
"""

VOLUME = """\
## Volumes and decibels

`volumeRate` is a multiple of the original, not decibels: 20 · log10 of it is the change in decibels.

| `volumeRate` | decibels |
| --- | --- |
"""

NOISE = """\
## Noise reduction and music

`noiseReduction: Speech` is tuned to voices, and may take music for noise. Where music is to be heard, write
`Music`, which is sent as `ansMode` 1, or leave `noiseReduction` out. There is no field for `ansMode` alone:
the service heeds it only while noise reduction is on.
"""

POLICY = """\
## What a key must be allowed

A RAM policy for the user or role whose key is used. Put the account's ID and the caster's in, or `*`.
`DescribeCasterScenes` is called for `onAir: Wait` alone.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """One field, as the page has it; `path` is from the object on, with [] behind a list."""

    path: str
    takes: str
    left_out: str
    description: str


def reference(crd: str) -> str:
    """The page."""
    (version,) = yaml.safe_load(crd)["spec"]["versions"]
    properties = version["schema"]["openAPIV3Schema"]["properties"]
    parts = [
        INTRODUCTION,
        f"## spec\n\n{_spec(properties['spec'])}",
        VOLUME + "".join(f"| {volume:g} | {_decibels(volume)} |\n" for volume in VOLUMES),
        NOISE,
        "\n".join([POLICY, *(_policy(way, actions) for way, actions in ACTIONS.items())]),
        f"## status\n\nWritten by the operator alone.\n\n{_status(properties['status'])}",
    ]
    return "\n".join(parts)


def fields(schema: Mapping[str, Any], path: str) -> Iterator[Field]:
    """All below an object, each followed by what is below it."""
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        below = f"{path}.{name}"
        text, left_out = _parted(field.get("description", ""))
        yield Field(
            below,
            _takes(field),
            "required" if name in required else left_out,
            text,
        )
        items = field.get("items")
        yield from fields(items or field, f"{below}[]" if items else below)


def _spec(schema: Mapping[str, Any]) -> str:
    rows = [
        f"| `{each.path}` | {each.takes} | {each.left_out} | {each.description} | {SENT.get(each.path, '')} |\n"
        for each in fields(schema, "spec")
    ]
    head = "| field | takes | left out | | sent as |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(rows)


def _status(schema: Mapping[str, Any]) -> str:
    rows = [
        f"| `{each.path}` | {each.takes} | {each.description} |\n"
        for each in fields(schema, "status")
    ]
    return "| field | is | |\n| --- | --- | --- |\n" + "".join(rows)


def _takes(field: Mapping[str, Any]) -> str:
    """The values, the range, or the kind of value."""
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    kind = "time" if field.get("format") == "date-time" else field["type"]
    if "maximum" in field:
        return f"{kind}, {field['minimum']} to {field['maximum']}"
    if "maxLength" in field:
        return f"{kind}, {field.get('minLength', 0)} to {field['maxLength']} characters"
    if "maxItems" in field:
        return f"list, {field['minItems']} to {field['maxItems']}"
    return "list" if kind == "array" else f"{kind}"


def _parted(description: str) -> tuple[str, str]:
    """Without the sentence that says what is so where the field is left out, and that."""
    found = re.search(r"(?:^| )Left out(?: altogether)?[:,] ([^.]+)\.", description)
    if found is None:
        return description, ""
    return description.replace(found[0], "").strip(), found[1]


def _decibels(volume: float) -> str:
    return f"{20 * math.log10(volume):+.0f}" if volume else "silent (mute)"


def _policy(way: str, actions: tuple[str, ...]) -> str:
    statement = {
        "Effect": "Allow",
        "Action": [f"live:{action}" for action in actions],
        "Resource": RESOURCE,
    }
    policy = json.dumps({"Version": "1", "Statement": [statement]}, indent=2)
    return f"For {way}:\n\n```json\n{policy}\n```\n"
