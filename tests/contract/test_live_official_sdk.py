"""Side by side with the official SDK: the same request from the same wish."""

import asyncio
import os
from collections.abc import Iterator
from unittest import mock

import pytest
from alibabacloud_live20161101 import models
from alibabacloud_live20161101.client import Client
from alibabacloud_tea_openapi.utils import Utils
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.request import DaraRequest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic.alias_generators import to_snake

from caster_scene_audio.adapters.live import signature
from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.spec import FollowMode, Layer, SceneAudioSpec
from tests.support.live.call_recorder import CallRecorder, RecordedCall, call_recorder
from tests.support.live.sdk_layers import sdk_members
from tests.support.specs.wanted_audio import identifiers, specs

FOLLOW = {FollowMode.AUDIO_MIXING: 0, FollowMode.AUDIO_FOLLOWS_VIDEO: 1, None: None}

printable = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
tokens = st.none() | st.text(printable, min_size=1)
words = st.text(printable, min_size=1)
# The SDK leaves names of parameters as they are; no call has one that would need encoding.
names = st.from_regex(r"[A-Za-z][A-Za-z0-9._~-]*", fullmatch=True)
any_text = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def recorder() -> Iterator[CallRecorder]:
    environment = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
    with mock.patch.dict(os.environ, environment), call_recorder() as recording:
        yield recording


def sdk(recorder: CallRecorder, key: Credentials) -> Client:
    return Client(
        Config(
            endpoint=f"127.0.0.1:{recorder.port}",
            protocol="http",
            access_key_id=key.access_key_id,
            access_key_secret=key.access_key_secret,
            security_token=key.security_token,
        )
    )


def sdk_layer(layer: Layer) -> models.UpdateCasterSceneAudioRequestAudioLayer:
    members = {to_snake(name): value for name, value in sdk_members(layer).items()}
    return models.UpdateCasterSceneAudioRequestAudioLayer(**members)


def sdk_request(spec: SceneAudioSpec) -> models.UpdateCasterSceneAudioRequest:
    return models.UpdateCasterSceneAudioRequest(
        region_id=spec.region_id,
        caster_id=spec.caster_id,
        scene_id=spec.scene_id,
        follow_enable=FOLLOW[spec.follow_mode],
        audio_layer=spec.layers and [sdk_layer(layer) for layer in spec.layers],
        mix_list=spec.layers and [layer.location_id for layer in spec.layers],
    )


def ours(recorder: CallRecorder, spec: SceneAudioSpec, key: Credentials) -> RecordedCall:
    async def call() -> None:
        async with LiveClient(endpoint=f"http://127.0.0.1:{recorder.port}") as live:
            assert await live.update_scene_audio(spec, key) == "RECORDED"

    asyncio.run(call())
    return recorder.last()


def signed_again(call: RecordedCall, key: Credentials) -> str:
    """The signature of a recorded call, by our own hand."""
    query = signature.canonical_query(call.parameters)
    return signature.authorization(query, call.signed_headers, key)


@settings(max_examples=40, deadline=None)
@given(spec=specs, token=tokens)
def test_the_same_wish_is_sent_with_the_same_parameters_and_a_signature_that_agrees(
    recorder: CallRecorder, spec: SceneAudioSpec, token: str | None
) -> None:
    key = Credentials(access_key_id="testid", access_key_secret="testsecret", security_token=token)
    sdk(recorder, key).update_caster_scene_audio(sdk_request(spec))
    theirs = recorder.last()

    our = ours(recorder, spec, key)

    assert our.parameters == theirs.parameters
    assert our.query == signature.canonical_query(our.parameters)
    assert theirs.headers["authorization"] == signed_again(theirs, key)
    assert our.headers["authorization"] == signed_again(our, key)
    assert our.headers["authorization"] == sdk_authorization(
        our.parameters, our.signed_headers, key
    )
    assert set(our.signed_headers) == set(theirs.signed_headers) - {"x-acs-credentials-provider"}


@settings(max_examples=20, deadline=None)
@given(caster_id=identifiers, scene_id=identifiers)
@pytest.mark.parametrize(
    ("sdk_call", "request_type"),
    [
        ("describe_caster_scene_audio", models.DescribeCasterSceneAudioRequest),
        ("describe_caster_scenes", models.DescribeCasterScenesRequest),
    ],
)
def test_a_reading_call_is_sent_with_the_same_parameters(
    recorder: CallRecorder, sdk_call: str, request_type: type, caster_id: str, scene_id: str
) -> None:
    key = Credentials(access_key_id="testid", access_key_secret="testsecret")
    scene = SceneRef(caster_id=caster_id, scene_id=scene_id, region_id="cn-shanghai")
    request = request_type(caster_id=caster_id, scene_id=scene_id, region_id="cn-shanghai")
    getattr(sdk(recorder, key), sdk_call)(request)
    theirs = recorder.last()

    async def call() -> None:
        async with LiveClient(endpoint=f"http://127.0.0.1:{recorder.port}") as live:
            if sdk_call == "describe_caster_scenes":
                await live.describe_scenes(scene, key)
            else:
                await live.describe_scene_audio(scene, key)

    asyncio.run(call())

    assert recorder.last().parameters == theirs.parameters
    assert recorder.last().headers["x-acs-action"] == theirs.headers["x-acs-action"]


def sdk_authorization(query: dict[str, str], headers: dict[str, str], key: Credentials) -> str:
    request = DaraRequest()
    request.method, request.pathname, request.query, request.headers = "POST", "/", query, headers
    header: str = Utils.get_authorization(
        request,
        signature.ALGORITHM,
        signature.EMPTY_BODY_SHA256,
        key.access_key_id,
        key.access_key_secret,
    )
    return header


@settings(max_examples=200, deadline=None)
@given(
    query=st.dictionaries(names, any_text),
    headers=st.dictionaries(st.from_regex("x-acs-[a-z0-9-]+", fullmatch=True), any_text),
    access_key_id=words,
    access_key_secret=any_text,
)
def test_any_query_and_headers_are_signed_as_the_sdk_signs_them(
    query: dict[str, str], headers: dict[str, str], access_key_id: str, access_key_secret: str
) -> None:
    key = Credentials(access_key_id=access_key_id, access_key_secret=access_key_secret)

    header = signature.authorization(signature.canonical_query(query), headers, key)

    assert header == sdk_authorization(query, headers, key)
