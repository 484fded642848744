"""The older SDK for Python, unchanged, as the emulator's client: signature version 1.0."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest, RpcRequest
from aliyunsdklive.request.v20161101.CopyCasterSceneConfigRequest import (
    CopyCasterSceneConfigRequest,
)
from aliyunsdklive.request.v20161101.DescribeCasterSceneAudioRequest import (
    DescribeCasterSceneAudioRequest,
)
from aliyunsdklive.request.v20161101.DescribeCasterScenesRequest import DescribeCasterScenesRequest
from aliyunsdklive.request.v20161101.UpdateCasterSceneAudioRequest import (
    UpdateCasterSceneAudioRequest,
)

from live_emulator.audio import Audio, Filter, Layer
from live_emulator.clock import Clock
from live_emulator.keys import AccessKey
from live_emulator.server import Emulator, serving
from live_emulator.settings import Settings
from live_emulator.studio import DEMO_CASTER, Scene


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """The SDK writes the real date, so the emulator reads it; the quota's second stands still."""
    async with serving(Settings(), clock=Clock(monotonic=lambda: 0.0)) as served:
        yield served


def client_of(**key: Any) -> AcsClient:
    usual = {"ak": "testid", "secret": "testsecret", "region_id": "cn-shanghai"}
    return AcsClient(**{**usual, **key}, auto_retry=False)


async def call(emulator: Emulator, request: Any, client: AcsClient | None = None) -> Any:
    request.set_endpoint(emulator.endpoint)
    request.set_protocol_type("http")
    answer = await asyncio.to_thread((client or client_of()).do_action_with_exception, request)
    return json.loads(answer)


def of_scene(request_type: type[RpcRequest], scene_id: str = "scene-opening") -> Any:
    request = request_type()
    request.set_CasterId(DEMO_CASTER)
    request.set_SceneId(scene_id)
    return request


def update_request() -> Any:
    request = of_scene(UpdateCasterSceneAudioRequest)
    request.set_FollowEnable(0)
    request.set_MixLists(["RV01", "RV02"])
    request.set_AudioLayers(
        [
            {
                "Filter": '{ "enableAgc":0, "enableAns":1 }',
                "FixedDelayDuration": 5000,
                "ValidChannel": "leftChannel",
                "VolumeRate": 0.35,
            },
            {"VolumeRate": 1.0},
        ]
    )
    return request


async def test_it_updates_a_scene_and_reads_it_back(emulator: Emulator) -> None:
    updated = await call(emulator, update_request())
    read = await call(emulator, of_scene(DescribeCasterSceneAudioRequest))

    scene = emulator.studio.find(DEMO_CASTER, "scene-opening")
    assert [one.request_id for one in emulator.calls] == [updated["RequestId"], read["RequestId"]]
    assert {one.signature for one in emulator.calls} == {"1.0"}
    assert (read["FollowEnable"], read["MixList"]["LocationId"]) == (0, ["RV01", "RV02"])
    assert scene.audio.layers == (
        Layer(
            location_id="RV01",
            volume_rate=0.35,
            valid_channel="leftChannel",
            fixed_delay_duration=5000,
            filter=Filter(enable_ans=1),
        ),
        Layer(location_id="RV02"),
    )


async def test_it_lists_the_scenes(emulator: Emulator) -> None:
    request = DescribeCasterScenesRequest()
    request.set_CasterId(DEMO_CASTER)

    listed = await call(emulator, request)

    names = [scene["SceneId"] for scene in listed["SceneList"]["Scene"]]
    assert names == ["scene-opening", "scene-interview"]


async def test_it_takes_a_preview_on_air(emulator: Emulator) -> None:
    loud = Audio(follow_enable=0, layers=(Layer(location_id="RV03", volume_rate=3),))
    preview = emulator.studio.find(DEMO_CASTER, "scene-interview")
    emulator.studio.put(preview.model_copy(update={"audio": loud}))
    request = CopyCasterSceneConfigRequest()
    request.set_CasterId(DEMO_CASTER)
    request.set_FromSceneId("scene-interview")
    request.set_ToSceneId("scene-opening")

    await call(emulator, request)

    assert emulator.studio.find(DEMO_CASTER, "scene-opening").audio == loud


@pytest.mark.parametrize("where", ["query", "form"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_request_of_ones_own_is_taken_too(
    emulator: Emulator, method: str, where: str
) -> None:
    request = CommonRequest(
        version="2016-11-01", action_name="DescribeCasterSceneAudio", product="live"
    )
    request.set_domain(emulator.endpoint)
    request.set_method(method)
    add = request.add_query_param if where == "query" else request.add_body_params
    add("CasterId", DEMO_CASTER)
    add("SceneId", "scene-opening")

    read = await call(emulator, request)

    assert read["FollowEnable"] == 1


async def test_a_wrong_secret_is_told_as_such(emulator: Emulator) -> None:
    with pytest.raises(ServerException) as raised:
        await call(emulator, update_request(), client_of(secret="wrong"))

    assert raised.value.get_error_code() == "InvalidAccessKeySecret"


@pytest.mark.parametrize(
    ("scene", "status", "code"),
    [
        ({"in_channel": True}, 412, "ResourceInChannel.PreConditionFailed"),
        ({"locations": ("RV01",)}, 400, "InvalidMixList.ExceedNorm"),
        ({"account": "another"}, 401, "IllegalOperation"),
        ({"scene_id": "another"}, 404, "InvalidScene.NotFound"),
    ],
    ids=str,
)
async def test_a_documented_error_reaches_it(
    emulator: Emulator, scene: dict[str, Any], status: int, code: str
) -> None:
    emulator.studio.clear()
    emulator.studio.put(Scene(**{"caster_id": DEMO_CASTER, "scene_id": "scene-opening"} | scene))

    with pytest.raises(ServerException) as raised:
        await call(emulator, update_request())

    error = raised.value
    assert (error.get_http_status(), error.get_error_code()) == (status, code)
    assert error.get_request_id() == next(iter(emulator.calls)).request_id


async def test_temporary_credentials_are_good_with_their_token(emulator: Emulator) -> None:
    token = "CAIS+t/with=special&=="
    emulator.keys.put(AccessKey(access_key_id="STS.one", secret="s", security_token=token))
    temporary = client_of(
        ak=None, secret=None, credential=StsTokenCredential("STS.one", "s", token)
    )

    read = await call(emulator, of_scene(DescribeCasterSceneAudioRequest), temporary)

    assert read["CasterId"] == DEMO_CASTER
    with pytest.raises(ServerException, match="MissingSecurityToken"):
        await call(emulator, update_request(), client_of(ak="STS.one", secret="s"))
