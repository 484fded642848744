"""Studios, access keys and dials over the control API."""

from typing import Any

import pytest

from live_emulator.server import Emulator
from live_emulator.studio import DEMO_CASTER
from tests.emulator.caller import DEMO, Caller, Key
from tests.emulator.timepiece import Timepiece

OPENING = f"scenes/{DEMO_CASTER}/scene-opening"
LOUD = {"followEnable": 0, "layers": [{"locationId": "RV01", "volumeRate": 2.5}]}


async def test_the_emulator_says_that_it_is_there(caller: Caller) -> None:
    assert (await caller.control("GET", "health")).json == {"status": "ok"}


async def test_a_scene_can_be_put_read_and_taken_away(caller: Caller) -> None:
    path = "scenes/caster-1/scene-1"
    put = await caller.control("PUT", path, {"locations": ["RV01"], "outputType": "0"})
    got = await caller.control("GET", path)
    deleted = await caller.control("DELETE", path)

    assert put.json == got.json
    assert got.json["locations"] == ["RV01"]
    assert (deleted.status, (await caller.control("GET", path)).status) == (204, 404)
    assert (await caller.control("DELETE", path)).status == 404


async def test_a_scene_needs_no_body(caller: Caller) -> None:
    scene = (await caller.control("PUT", "scenes/caster-1/scene-1")).json

    assert (scene["casterId"], scene["sceneId"], scene["locations"]) == (
        "caster-1",
        "scene-1",
        None,
    )


async def test_a_caster_goes_with_its_last_scene(caller: Caller) -> None:
    await caller.control("PUT", "scenes/caster-1/scene-1")
    await caller.control("DELETE", "scenes/caster-1/scene-1")

    assert (await caller.scenes({"CasterId": "caster-1"})).code == "InvalidCaster.NotFound"


async def test_audio_changes_behind_everybodys_back(caller: Caller, emulator: Emulator) -> None:
    filtered = {"locationId": "RV02", "filter": {"enableAgc": 1}}
    await caller.control("PATCH", OPENING, {"audio": {"layers": [filtered]}})

    read = (await caller.describe()).json
    known = (await caller.control("GET", OPENING)).json["audio"]

    assert read["MixList"] == {"LocationId": ["RV02"]}
    assert (known["followEnable"], known["layers"][0]["filter"]["enableAgc"]) == (1, 1)


async def test_a_patch_keeps_what_it_does_not_name(caller: Caller) -> None:
    await caller.control("PATCH", OPENING, {"audio": LOUD})

    scene = (await caller.control("PATCH", OPENING, {"inChannel": True})).json

    assert scene["inChannel"]
    assert scene["audio"]["layers"][0]["volumeRate"] == 2.5
    assert (await caller.update()).code == "ResourceInChannel.PreConditionFailed"


@pytest.mark.parametrize(
    "change",
    [
        {"in_channel": True},
        {"status": 2},
        {"audio": {"layers": [{"locationId": "RV01", "volumeRate": 11}]}},
        {"audio": None},
        {"locations": ["RV 01"]},
        [],
    ],
    ids=str,
)
async def test_a_scene_that_does_not_fit_is_refused_and_nothing_changes(
    caller: Caller, change: Any
) -> None:
    before = await caller.control("GET", OPENING)

    reply = await caller.control("PATCH", OPENING, change)

    assert reply.status == 400
    assert (await caller.control("GET", OPENING)).json == before.json


async def test_many_scenes_are_made_in_one_request(caller: Caller, emulator: Emulator) -> None:
    body = {
        "scenes": [{"casterId": "one", "sceneId": "single"}],
        "series": [{"casterId": "two", "count": 2000, "template": {"audio": LOUD}}],
        "replace": True,
    }

    reply = await caller.control("PUT", "scenes", body)

    assert reply.json == {"put": 2001, "scenes": 2001}
    assert emulator.studio.find("two", "scene-2000").audio.layers[0].volume_rate == 2.5
    listed = (await caller.control("GET", "scenes?casterId=one")).json["scenes"]
    assert [scene["sceneId"] for scene in listed] == ["single"]


async def test_a_series_that_does_not_fit_replaces_nothing(
    caller: Caller, emulator: Emulator
) -> None:
    body = {"series": [{"casterId": "c", "count": 1, "template": {"status": 7}}], "replace": True}

    assert (await caller.control("PUT", "scenes", body)).status == 400
    assert len(emulator.studio) == 2


async def test_all_scenes_can_be_taken_away(caller: Caller) -> None:
    await caller.control("DELETE", "scenes")

    assert (await caller.describe()).code == "InvalidCaster.NotFound"


async def test_a_key_is_added_at_run_time_and_its_token_expires(
    caller: Caller, timepiece: Timepiece
) -> None:
    body = {"secret": "s3cret", "securityToken": "t0ken", "expiresInSeconds": 60, "account": "A"}
    added = await caller.control("PUT", "access-keys/STS.new", body)
    key = Key(access_key_id="STS.new", secret="s3cret", token="t0ken")

    before = await caller.describe(key=key)
    timepiece.pass_by(60)
    after = await caller.describe(key=key)

    assert before.status == 200
    assert after.code == "InvalidSecurityToken.Expired"
    assert added.json == {
        "accessKeyId": "STS.new",
        "account": "A",
        "temporary": True,
        "expires": "2025-08-15T12:01:00+00:00",
        "active": True,
        "deniedActions": [],
    }


async def test_a_key_can_be_turned_off_and_taken_away(caller: Caller) -> None:
    await caller.control("PUT", "access-keys/testid", {"secret": "testsecret", "active": False})
    inactive = await caller.describe()
    await caller.control("DELETE", "access-keys/testid")

    assert inactive.code == "InvalidAccessKeyId.Inactive"
    assert (await caller.describe()).code == "InvalidAccessKeyId.NotFound"


async def test_no_answer_of_the_control_api_tells_a_secret(caller: Caller) -> None:
    body = {"secret": "s3cret", "securityToken": "t0ken"}
    await caller.control("PUT", "access-keys/STS.new", body)
    await caller.describe(key=Key(access_key_id="STS.new", secret="s3cret", token="t0ken"))
    bad = await caller.control("PUT", "access-keys/bad", {**body, "active": "s3cret"})

    told = [await caller.control("GET", path) for path in ("access-keys", "calls")]

    assert bad.status == 400
    for reply in (*told, bad):
        assert b"s3cret" not in reply.body
        assert b"t0ken" not in reply.body


async def test_the_dials_can_be_read_and_turned(caller: Caller) -> None:
    before = (await caller.control("GET", "dials")).json
    turned = (await caller.control("PATCH", "dials", {"updateQps": 1, "anyScene": True})).json

    assert before == {
        "updateQps": 10,
        "copyQps": 10,
        "readQps": 15,
        "latencyMs": 0,
        "longestLineBytes": 0,
        "anyScene": False,
        "takeAudio": True,
        "longChannels": False,
        "wholeVolumes": False,
    }
    assert turned == {**before, "updateQps": 1, "anyScene": True}
    assert [(await caller.update()).status for _ in range(2)] == [200, 400]


async def test_a_reset_brings_back_the_start(caller: Caller, emulator: Emulator) -> None:
    await caller.update()
    await caller.control("PUT", "scenes/c/s")
    await caller.control("PATCH", "dials", {"readQps": 1})
    await caller.control("POST", "faults", {"times": None})
    await caller.control("PUT", "access-keys/more", {"secret": "s"})

    await caller.control("POST", "reset")

    assert (await caller.describe(DEMO)).json["FollowEnable"] == 1
    assert len(emulator.studio) == 2
    assert len(emulator.calls) == 1
    assert emulator.dials.read_qps == 15
    assert [key.access_key_id for key in emulator.keys] == ["testid"]


async def test_a_body_that_is_not_json_is_refused(caller: Caller) -> None:
    url = f"{caller.emulator.url}/emulator/faults"
    async with caller.session.post(url, data=b"{") as response:
        assert response.status == 400
