"""A take: the preview's configuration is copied onto the programme scene."""

from typing import Any

import pytest

from live_emulator.audio import Audio, Layer
from live_emulator.keys import AccessKey
from live_emulator.server import Emulator
from live_emulator.studio import DEMO_CASTER, Scene
from tests.emulator.caller import DEMO, Caller, Key, Reply
from tests.emulator.rpc_caller import rpc

COPY = "CopyCasterSceneConfig"
TAKE = {
    "CasterId": DEMO_CASTER,
    "FromSceneId": "scene-interview",
    "ToSceneId": "scene-opening",
    "RegionId": "cn-shanghai",
}
SOUND = Audio(follow_enable=0, layers=(Layer(location_id="RV09", volume_rate=2.0),))


@pytest.fixture
def emulator(emulator: Emulator) -> Emulator:
    """The interview has a sound and a look of its own."""
    emulator.studio.put(
        scene_of(emulator, "scene-interview").model_copy(
            update={
                "audio": SOUND,
                "layout_id": "layout-two",
                "component_ids": ("title-two",),
                "locations": ("RV09",),
            }
        )
    )
    return emulator


def scene_of(emulator: Emulator, scene_id: str) -> Scene:
    return emulator.studio.find(DEMO_CASTER, scene_id)


async def take(caller: Caller, **changed: str) -> Reply:
    return await caller.call(COPY, TAKE | changed)


async def test_a_take_brings_the_previews_configuration_and_audio_on_air(
    caller: Caller, emulator: Emulator
) -> None:
    preview = scene_of(emulator, "scene-interview")

    reply = await take(caller)

    programme = scene_of(emulator, "scene-opening")
    assert list(reply.json) == ["RequestId"]
    assert (programme.scene_name, programme.output_type) == ("Opening", "1")
    assert (programme.audio, programme.layout_id, programme.component_ids, programme.locations) == (
        SOUND,
        "layout-two",
        ("title-two",),
        ("RV09",),
    )
    assert scene_of(emulator, "scene-interview") == preview


async def test_a_take_can_leave_the_audio_as_it_was(caller: Caller, emulator: Emulator) -> None:
    await caller.control("PATCH", "dials", {"takeAudio": False})

    await take(caller)

    assert scene_of(emulator, "scene-opening").audio == Audio()
    assert scene_of(emulator, "scene-opening").layout_id == "layout-two"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"CasterId": ""}, 400, "InvalidCasterId.Malformed"),
        ({"FromSceneId": ""}, 400, "InvalidParameter.Malformed"),
        ({"ToSceneId": "a b"}, 400, "InvalidParameter.Malformed"),
        ({"FromSceneId": "scene-opening"}, 400, "InvalidParameter.Malformed"),
        ({"ToSceneId": "scene-interview"}, 400, "InvalidParameter.Malformed"),
        ({"CasterId": "none"}, 404, "InvalidCaster.NotFound"),
        ({"FromSceneId": "none"}, 404, "InvalidScene.NotFound"),
        ({"ToSceneId": "none"}, 404, "InvalidScene.NotFound"),
    ],
    ids=str,
)
async def test_a_take_that_can_not_be_changes_nothing(
    caller: Caller, emulator: Emulator, changed: dict[str, str], status: int, code: str
) -> None:
    before = list(emulator.studio)

    reply = await take(caller, **changed)

    assert (reply.status, reply.code) == (status, code)
    assert list(emulator.studio) == before


async def test_another_accounts_scene_is_not_taken(caller: Caller, emulator: Emulator) -> None:
    theirs = scene_of(emulator, "scene-interview").model_copy(update={"account": "another"})
    emulator.studio.put(theirs)

    assert (await take(caller)).code == "IllegalOperation"


async def test_takes_have_a_quota_of_their_own(caller: Caller, emulator: Emulator) -> None:
    emulator.dials.copy_qps = 2

    takes = [(await take(caller)).status for _ in range(3)]

    assert takes == [200, 200, 400]
    assert (await caller.describe()).status == 200
    assert (await caller.update({**DEMO, "FollowEnable": "1"})).status == 200


async def test_a_take_is_on_record_for_the_scene_that_it_changes(
    caller: Caller, emulator: Emulator
) -> None:
    await take(caller)

    calls = (await caller.control("GET", "calls?sceneId=scene-opening")).json["calls"]

    assert [(call["action"], call["applied"], call["parameters"]) for call in calls] == [
        (COPY, True, TAKE)
    ]


async def test_a_fault_strikes_takes_onto_a_scene(caller: Caller, emulator: Emulator) -> None:
    match = {"action": COPY, "sceneId": "scene-opening"}
    await caller.control("POST", "faults", {"match": match})

    assert [(await take(caller)).status for _ in range(2)] == [500, 200]


async def test_a_take_may_be_denied(caller: Caller, emulator: Emulator) -> None:
    emulator.keys.put(AccessKey(access_key_id="reader", secret="s", denied_actions=(COPY,)))

    reply = await caller.call(COPY, TAKE, key=Key(access_key_id="reader", secret="s"))

    assert reply.code == "Forbidden.RAM"


async def test_a_take_may_be_signed_as_of_old(caller: Caller, emulator: Emulator) -> None:
    reply = await rpc(caller, COPY, TAKE, Format=None)

    assert reply.xml.tag == "CopyCasterSceneConfigResponse"
    assert scene_of(emulator, "scene-opening").audio == SOUND


async def test_a_take_can_be_ordered_without_a_key(caller: Caller, emulator: Emulator) -> None:
    path = f"scenes/{DEMO_CASTER}/scene-opening/take"

    reply = await caller.control("POST", path, {"from": "scene-interview"})

    assert reply.json["audio"]["layers"][0]["volumeRate"] == 2.0
    assert scene_of(emulator, "scene-opening").audio == SOUND
    assert not list(emulator.calls)


@pytest.mark.parametrize(
    ("scene", "body", "status"),
    [
        ("scene-opening", {"from": "none"}, 400),
        ("scene-opening", {"from": "scene-opening"}, 400),
        ("scene-opening", {"from_": "scene-interview"}, 400),
        ("none", {"from": "scene-interview"}, 404),
    ],
    ids=str,
)
async def test_an_order_that_is_no_take_is_refused(
    caller: Caller, emulator: Emulator, scene: str, body: dict[str, Any], status: int
) -> None:
    reply = await caller.control("POST", f"scenes/{DEMO_CASTER}/{scene}/take", body)

    assert reply.status == status
    assert scene_of(emulator, "scene-opening").audio == Audio()
