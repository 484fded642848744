"""Side by side with the older SDK for Python: another form of request, the same parameters."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest
from aliyunsdklive.request.v20161101.DescribeCasterSceneAudioRequest import (
    DescribeCasterSceneAudioRequest,
)
from aliyunsdklive.request.v20161101.UpdateCasterSceneAudioRequest import (
    UpdateCasterSceneAudioRequest,
)
from hypothesis import given, settings

from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.adapters.live.parameters import (
    FOLLOW_ENABLE,
    describe_parameters,
)
from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.live.call_recorder import CallRecorder, call_recorder
from tests.support.live.sdk_layers import sdk_members
from tests.support.specs.wanted_audio import identifiers, specs

KEY = Credentials(access_key_id="testid", access_key_secret="testsecret", security_token=None)
PROTOCOL = {
    "AccessKeyId",
    "Action",
    "Format",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
}


@pytest.fixture(scope="module")
def recorder() -> Iterator[CallRecorder]:
    with call_recorder() as recording:
        yield recording


def update_request(spec: SceneAudioSpec) -> Any:
    request = UpdateCasterSceneAudioRequest()
    request.set_CasterId(spec.caster_id)
    request.set_SceneId(spec.scene_id)
    if spec.follow_mode is not None:
        request.set_FollowEnable(int(FOLLOW_ENABLE[spec.follow_mode]))
    request.set_AudioLayers([sdk_members(layer) for layer in spec.layers or ()])
    request.set_MixLists([layer.location_id for layer in spec.layers or ()])
    return request


def sent_by_sdk(recorder: CallRecorder, request: RpcRequest, region: str | None) -> dict[str, str]:
    """What is of the call. The SDK always sends a region, ours only one that is given."""
    request.set_endpoint(f"127.0.0.1:{recorder.port}")
    request.set_protocol_type("http")
    client = AcsClient(
        KEY.access_key_id, KEY.access_key_secret, region or "cn-shanghai", auto_retry=False
    )
    client.do_action_with_exception(request)
    left_out = PROTOCOL if region else PROTOCOL | {"RegionId"}
    parameters = recorder.last().parameters
    return {name: value for name, value in parameters.items() if name not in left_out}


def sent_by_us(recorder: CallRecorder, spec: SceneAudioSpec) -> dict[str, str]:
    async def call() -> None:
        async with LiveClient(endpoint=f"http://127.0.0.1:{recorder.port}") as live:
            await live.update_scene_audio(spec, KEY)

    asyncio.run(call())
    return recorder.last().parameters


@settings(max_examples=40, deadline=None)
@given(spec=specs)
def test_the_same_wish_is_sent_with_the_same_parameters(
    recorder: CallRecorder, spec: SceneAudioSpec
) -> None:
    theirs = sent_by_sdk(recorder, update_request(spec), spec.region_id)

    ours = sent_by_us(recorder, spec)

    assert ours == theirs


@settings(max_examples=20, deadline=None)
@given(caster_id=identifiers, scene_id=identifiers)
def test_a_scene_is_asked_for_with_the_same_parameters(
    recorder: CallRecorder, caster_id: str, scene_id: str
) -> None:
    request = DescribeCasterSceneAudioRequest()
    request.set_CasterId(caster_id)
    request.set_SceneId(scene_id)
    scene = SceneRef(caster_id=caster_id, scene_id=scene_id, region_id="cn-shanghai")

    theirs = sent_by_sdk(recorder, request, "cn-shanghai")

    assert describe_parameters(scene) == theirs
