"""Answers less what the service may leave out."""

from typing import Any

import pytest

from live_emulator.alteration import without
from tests.emulator.caller import Caller

READING = {
    "FollowEnable": 0,
    "MixList": {"LocationId": ["RV01", "RV02"]},
    "AudioLayers": {
        "AudioLayer": [
            {"VolumeRate": 0.5, "ValidChannel": "left"},
            {"VolumeRate": 1.0, "ValidChannel": "all"},
        ]
    },
}


def layers(*members: dict[str, Any]) -> dict[str, Any]:
    return {**READING, "AudioLayers": {"AudioLayer": list(members)}}


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ([], READING),
        (["VolumeRate"], layers({"ValidChannel": "left"}, {"ValidChannel": "all"})),
        (
            ["AudioLayer.2.VolumeRate"],
            layers({"VolumeRate": 0.5, "ValidChannel": "left"}, {"ValidChannel": "all"}),
        ),
        (["AudioLayer.2"], layers({"VolumeRate": 0.5, "ValidChannel": "left"})),
        (["AudioLayers", "LocationId.1"], {"FollowEnable": 0, "MixList": {"LocationId": ["RV02"]}}),
        (["AudioLayer", "LocationId"], {"FollowEnable": 0, "MixList": {}, "AudioLayers": {}}),
    ],
    ids=["nothing", "everywhere", "of-one-layer", "a-layer", "the-whole", "the-lists"],
)
def test_named_members_are_left_out(names: list[str], left: dict[str, Any]) -> None:
    assert without(READING, names) == left


async def altered(caller: Caller, **members: Any) -> None:
    reply = await caller.control("POST", "faults", {"kind": "altered", **members})
    assert reply.status == 201


async def test_one_answer_leaves_members_out(caller: Caller) -> None:
    await caller.update()
    await altered(caller, without=["FixedDelayDuration", "FollowEnable"])

    spoilt, whole = (await caller.describe()).json, (await caller.describe()).json

    assert "FollowEnable" not in spoilt
    assert spoilt["AudioLayers"]["AudioLayer"][1] == {"VolumeRate": 1.0, "ValidChannel": "all"}
    assert whole["FollowEnable"] == 0
