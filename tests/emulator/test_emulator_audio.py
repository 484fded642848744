"""What was set stays; what is given replaces."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_emulator.audio import Audio, AudioChange, Layer, single_precision
from live_emulator.server import Emulator
from tests.emulator.caller import DEMO, TWO_LAYERS, Caller

BEFORE = Audio(follow_enable=0, layers=(Layer(location_id="RV01"), Layer(location_id="RV02")))


def test_an_empty_change_keeps_all() -> None:
    assert AudioChange().applied_to(BEFORE) == BEFORE


def test_only_follow_enable_keeps_the_layers() -> None:
    after = AudioChange(follow_enable=1).applied_to(BEFORE)

    assert after == Audio(follow_enable=1, layers=BEFORE.layers)


def test_given_layers_replace_the_whole_list() -> None:
    layers = (Layer(location_id="RV03"),)

    assert AudioChange(layers=layers).applied_to(BEFORE) == Audio(follow_enable=0, layers=layers)


@given(st.floats(min_value=0, max_value=10))
def test_a_volume_is_kept_as_the_nearest_32_bit_float(volume: float) -> None:
    kept = single_precision(volume)

    assert struct.pack("<f", kept) == struct.pack("<f", volume)


@pytest.mark.parametrize(
    ("volume", "kept"), [(0.30000000000000004, 0.3), (0.35, 0.35), (10, 10.0), (1e-05, 1e-05)]
)
def test_a_volume_is_told_in_its_shortest_decimal(volume: float, kept: float) -> None:
    assert math.isclose(single_precision(volume), kept, rel_tol=0, abs_tol=0)


async def test_members_left_out_come_back_as_their_defaults(caller: Caller) -> None:
    await caller.update({**DEMO, "AudioLayer.1.Filter": "{}", "MixList.1": "RV01"})

    read = (await caller.describe()).json

    assert read["AudioLayers"]["AudioLayer"] == [
        {"VolumeRate": 1.0, "ValidChannel": "all", "FixedDelayDuration": 0}
    ]


async def test_the_answer_to_a_read_has_the_documented_shape(caller: Caller) -> None:
    await caller.update()

    reply = await caller.describe()

    request_id = reply.json["RequestId"]
    assert request_id == request_id.upper()
    assert reply.headers["Content-Type"] == "application/json;charset=utf-8"
    assert reply.json == {
        "RequestId": request_id,
        "CasterId": DEMO["CasterId"],
        "FollowEnable": 0,
        "MixList": {"LocationId": ["RV01", "RV02"]},
        "AudioLayers": {
            "AudioLayer": [
                {"VolumeRate": 0.35, "ValidChannel": "left", "FixedDelayDuration": 500},
                {"VolumeRate": 1.0, "ValidChannel": "all", "FixedDelayDuration": 0},
            ]
        },
    }


async def test_the_answer_to_an_update_is_its_request_id_alone(caller: Caller) -> None:
    assert list((await caller.update()).json) == ["RequestId"]


async def test_a_new_scene_follows_its_video_and_has_no_layers(caller: Caller) -> None:
    read = (await caller.describe()).json

    assert (read["FollowEnable"], read["MixList"]["LocationId"]) == (1, [])


async def test_channels_can_be_told_as_a_request_spells_them(
    caller: Caller, emulator: Emulator
) -> None:
    emulator.dials.long_channels = True
    await caller.update(TWO_LAYERS)

    assert b'"ValidChannel": "leftChannel"' in (await caller.describe()).body


async def test_whole_volumes_can_be_told_as_integers(caller: Caller, emulator: Emulator) -> None:
    emulator.dials.whole_volumes = True
    await caller.update(TWO_LAYERS)

    body = (await caller.describe()).body

    assert b'"VolumeRate": 0.35,' in body
    assert b'"VolumeRate": 1,' in body


async def test_a_scene_can_leave_members_of_its_reads_out(caller: Caller) -> None:
    await caller.update(TWO_LAYERS)
    path = f"scenes/{DEMO['CasterId']}/{DEMO['SceneId']}"
    untold = ["FollowEnable", "VolumeRate", "AudioLayer.2.ValidChannel", "OutputType"]
    await caller.control("PATCH", path, {"untold": untold})

    read = (await caller.describe()).json
    scene = (await caller.scenes(DEMO)).json["SceneList"]["Scene"][0]

    assert "FollowEnable" not in read
    assert read["AudioLayers"]["AudioLayer"] == [
        {"ValidChannel": "left", "FixedDelayDuration": 500},
        {"FixedDelayDuration": 0},
    ]
    assert "OutputType" not in scene


async def test_one_scene_can_be_listed(caller: Caller) -> None:
    body = (await caller.scenes(DEMO)).json

    assert body["Total"] == 1
    assert body["SceneList"]["Scene"][0] == {
        "SceneId": "scene-opening",
        "SceneName": "Opening",
        "Status": 1,
        "OutputType": "1",
        "LayoutId": "layout-demo",
        "ComponentIds": {"componentId": ["title-demo"]},
        "StreamInfos": {"StreamInfo": []},
    }


async def test_a_scene_with_a_stream_tells_its_address(caller: Caller) -> None:
    url = "rtmp://127.0.0.1/app/stream"
    await caller.control("PUT", "scenes/c/s", {"streamUrl": url})

    scene = (await caller.scenes({"CasterId": "c"})).json["SceneList"]["Scene"][0]

    assert scene["StreamUrl"] == url
    assert scene["StreamInfos"]["StreamInfo"][0]["OutputStreamUrl"] == url


async def test_a_failure_inside_the_emulator_is_an_internal_error(
    caller: Caller, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(type(emulator.studio), "find")

    assert (await caller.describe()).code == "InternalError"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"CasterId": "none"}, "InvalidCaster.NotFound"),
        ({**DEMO, "SceneId": "none"}, "InvalidScene.NotFound"),
        ({}, "InvalidCasterId.Malformed"),
    ],
)
async def test_what_is_not_there_can_not_be_listed(
    caller: Caller, parameters: dict[str, str], code: str
) -> None:
    assert (await caller.scenes(parameters)).code == code


async def test_any_scene_is_made_on_first_use(caller: Caller, emulator: Emulator) -> None:
    emulator.dials.any_scene = True
    parameters = {**TWO_LAYERS, "CasterId": "new", "SceneId": "fresh", "MixList.2": "RV77"}

    reply = await caller.update(parameters)

    assert reply.status == 200
    assert emulator.studio.find("new", "fresh").audio.layers[1].location_id == "RV77"


async def test_any_scene_is_still_well_formed(caller: Caller, emulator: Emulator) -> None:
    emulator.dials.any_scene = True

    assert (await caller.update({"CasterId": "a b"})).code == "InvalidCasterId.Malformed"
