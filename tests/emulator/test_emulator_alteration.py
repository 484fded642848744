"""Answers less what the service may leave out, and with what nobody expects of it."""

from typing import Any

import pytest

from live_emulator.alteration import merged, without
from live_emulator.server import Emulator
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


@pytest.mark.parametrize(
    ("patch", "result"),
    [
        ({"b": 2}, {"a": {"x": 1, "y": [1, 2]}, "b": 2}),
        ({"a": {"x": None, "z": 3}}, {"a": {"y": [1, 2], "z": 3}}),
        ({"a": {"y": [3]}}, {"a": {"x": 1, "y": [3]}}),
        ({"a": None, "none": None}, {}),
        ({"c": {"d": {"e": None}}}, {"a": {"x": 1, "y": [1, 2]}, "c": {"d": {}}}),
    ],
    ids=["added", "nested", "list-replaced", "removed", "null-in-what-was-not"],
)
def test_a_merge_patch_is_applied(patch: dict[str, Any], result: dict[str, Any]) -> None:
    assert merged({"a": {"x": 1, "y": [1, 2]}}, patch) == result


async def altered(caller: Caller, **members: Any) -> None:
    reply = await caller.control("POST", "faults", {"kind": "altered", **members})
    assert reply.status == 201


async def test_one_answer_leaves_members_out(caller: Caller) -> None:
    await caller.update()
    await altered(caller, without=["FixedDelayDuration", "FollowEnable"])

    spoilt, whole = (await caller.describe()).json, (await caller.describe()).json

    assert "FollowEnable" not in spoilt
    layer = whole["AudioLayers"]["AudioLayer"][1]
    assert layer.pop("FixedDelayDuration") == 0
    assert spoilt["AudioLayers"]["AudioLayer"][1] == layer
    assert whole["FollowEnable"] == 0


async def test_an_answer_has_thousands_of_locations_and_a_delay_beyond_all_bounds(
    caller: Caller,
) -> None:
    count = 6000
    layer = {"VolumeRate": 1.0, "ValidChannel": "all", "FixedDelayDuration": 10**30}
    reading = {
        "MixList": {"LocationId": [f"RV{number}" for number in range(count)]},
        "AudioLayers": {"AudioLayer": [layer] * count},
    }
    await altered(caller, merge=reading)

    read = (await caller.describe()).json

    assert len(read["MixList"]["LocationId"]) == count
    assert read["AudioLayers"]["AudioLayer"][-1]["FixedDelayDuration"] == 10**30


@pytest.mark.parametrize(
    ("request_id", "in_header"),
    [("R" * 900_000, False), ("line\nbreak", False), ("Ä", False), ("R", True)],
    ids=["long", "line-break", "not-ascii", "short"],
)
async def test_a_request_id_may_be_anything(
    caller: Caller, emulator: Emulator, request_id: str, *, in_header: bool
) -> None:
    await altered(caller, merge={"RequestId": request_id})

    reply = await caller.update()

    call = next(iter(emulator.calls))
    assert reply.json == {"RequestId": request_id}
    assert ("x-acs-request-id" in reply.headers) is in_header
    assert (call.request_id, call.code, call.applied) == (request_id, "OK", True)


async def test_an_ordered_error_can_be_altered_too(caller: Caller) -> None:
    await altered(
        caller,
        kind="error",
        code="Made.Up" * 1000,
        message="m" * 70_000,
        status=418,
        without=["HostId", "RequestId"],
        merge={"AccessDeniedDetail": {"AuthAction": "live:x"}},
    )

    reply = await caller.update()

    assert (reply.status, reply.code) == (418, "Made.Up" * 1000)
    assert set(reply.json) == {"Code", "Message", "Recommend", "AccessDeniedDetail"}


async def test_a_merge_that_is_no_object_is_refused(caller: Caller) -> None:
    assert (await caller.control("POST", "faults", {"merge": []})).status == 400


async def test_an_error_can_be_told_in_xml(caller: Caller) -> None:
    await altered(caller, kind="error", code="Odd<&>", message="é\x00", format="XML", times=2)

    reply = await caller.update()

    root = reply.xml
    assert (reply.status, reply.headers["Content-Type"]) == (400, "text/xml;charset=utf-8")
    assert (root.tag, root.findtext("Code"), root.findtext("Message")) == ("Error", "Odd<&>", "é")
    assert root.findtext("RequestId") == reply.headers["x-acs-request-id"]


async def test_a_reading_can_be_told_in_xml(caller: Caller) -> None:
    await caller.update()
    await altered(caller, format="XML", merge={"Extra": [None, True]})

    root = (await caller.describe()).xml

    assert root.tag == "DescribeCasterSceneAudioResponse"
    assert [place.text for place in root.findall("MixList/LocationId")] == ["RV01", "RV02"]
    assert [place.text for place in root.findall("AudioLayers/AudioLayer/VolumeRate")] == [
        "0.35",
        "1.0",
    ]
    assert [extra.text for extra in root.findall("Extra")] == [None, "true"]
