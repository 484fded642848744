"""The official SDK, unchanged, as the emulator's client: sync in a thread, and async."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alibabacloud_live20161101 import models
from alibabacloud_live20161101.client import Client
from alibabacloud_tea_openapi.exceptions import (
    ClientException,
    ServerException,
    ThrottlingException,
)
from alibabacloud_tea_openapi.utils_models import Config

from live_emulator.audio import Audio, Filter, Layer
from live_emulator.clock import Clock
from live_emulator.faults import FaultOrder
from live_emulator.keys import AccessKey
from live_emulator.server import Emulator, serving
from live_emulator.settings import Settings
from live_emulator.studio import DEMO_CASTER, Scene

Call = Callable[[Client, str, Any], Awaitable[Any]]


async def sync_call(client: Client, name: str, request: Any) -> Any:
    return await asyncio.to_thread(getattr(client, name), request)


async def async_call(client: Client, name: str, request: Any) -> Any:
    return await getattr(client, f"{name}_async")(request)


@pytest.fixture(params=[sync_call, async_call], ids=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Call:
    chosen: Call = request.param
    return chosen


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """The SDK writes the real date, so the emulator reads it; the quota's second stands still."""
    settings = Settings(update_qps=1000, read_qps=1000)
    async with serving(settings, clock=Clock(monotonic=lambda: 0.0)) as served:
        yield served


def client_of(emulator: Emulator, **key: str) -> Client:
    credentials = {"access_key_id": "testid", "access_key_secret": "testsecret", **key}
    return Client(Config(endpoint=emulator.endpoint, protocol="http", **credentials))


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return client_of(emulator)


def update_request(**changes: Any) -> models.UpdateCasterSceneAudioRequest:
    layer = models.UpdateCasterSceneAudioRequestAudioLayer
    usual: dict[str, Any] = {
        "caster_id": DEMO_CASTER,
        "scene_id": "scene-opening",
        "region_id": "cn-shanghai",
        "follow_enable": 0,
        "mix_list": ["RV01", "RV02"],
        "audio_layer": [
            layer(
                filter='{ "enableAgc":0, "enableAns":1 }',
                fixed_delay_duration=5000,
                valid_channel="leftChannel",
                volume_rate=0.35,
            ),
            layer(volume_rate=1),
        ],
    }
    return models.UpdateCasterSceneAudioRequest(**{**usual, **changes})


def describe_request(scene_id: str = "scene-opening") -> models.DescribeCasterSceneAudioRequest:
    return models.DescribeCasterSceneAudioRequest(caster_id=DEMO_CASTER, scene_id=scene_id)


async def test_the_sdk_updates_a_scene_and_reads_it_back(
    emulator: Emulator, client: Client, call: Call
) -> None:
    updated = await call(client, "update_caster_scene_audio", update_request())
    read = (await call(client, "describe_caster_scene_audio", describe_request())).body

    scene = emulator.studio.get(DEMO_CASTER, "scene-opening")
    assert updated.status_code == 200
    assert [one.request_id for one in emulator.calls] == [updated.body.request_id, read.request_id]
    assert read.caster_id == DEMO_CASTER
    assert read.follow_enable == 0
    assert read.mix_list.location_id == ["RV01", "RV02"]
    assert [layer.to_map() for layer in read.audio_layers.audio_layer] == [
        {"VolumeRate": 0.35, "ValidChannel": "left", "FixedDelayDuration": 5000},
        {"VolumeRate": 1.0, "ValidChannel": "all", "FixedDelayDuration": 0},
    ]
    assert scene is not None
    assert scene.audio.layers[0].filter == Filter(enable_ans=1)


async def test_the_sdk_lists_the_scenes(client: Client, call: Call) -> None:
    request = models.DescribeCasterScenesRequest(caster_id=DEMO_CASTER)

    body = (await call(client, "describe_caster_scenes", request)).body

    assert body.total == 2
    assert [(scene.scene_id, scene.output_type) for scene in body.scene_list.scene] == [
        ("scene-opening", "1"),
        ("scene-interview", "0"),
    ]
    assert body.scene_list.scene[0].component_ids.component_id == ["title-demo"]


async def test_twelve_layers_arrive_in_their_order(
    emulator: Emulator, client: Client, call: Call
) -> None:
    places = tuple(f"RV{number:02d}" for number in range(1, 13))
    emulator.studio.put(Scene(caster_id=DEMO_CASTER, scene_id="wide", locations=places))
    volumes = [round(number / 10, 1) for number in range(1, 13)]
    layers = [
        models.UpdateCasterSceneAudioRequestAudioLayer(volume_rate=volume) for volume in volumes
    ]

    await call(
        client,
        "update_caster_scene_audio",
        update_request(scene_id="wide", mix_list=list(places), audio_layer=layers),
    )

    scene = emulator.studio.get(DEMO_CASTER, "wide")
    assert scene is not None
    assert [layer.volume_rate for layer in scene.audio.layers] == volumes
    assert tuple(layer.location_id for layer in scene.audio.layers) == places


async def test_the_sdk_takes_a_preview_on_air(
    emulator: Emulator, client: Client, call: Call
) -> None:
    loud = Audio(follow_enable=0, layers=(Layer(location_id="RV03", volume_rate=3),))
    preview = emulator.studio.find(DEMO_CASTER, "scene-interview")
    emulator.studio.put(preview.model_copy(update={"audio": loud}))
    request = models.CopyCasterSceneConfigRequest(
        caster_id=DEMO_CASTER, from_scene_id="scene-interview", to_scene_id="scene-opening"
    )

    answer = await call(client, "copy_caster_scene_config", request)

    assert answer.body.request_id == next(iter(emulator.calls)).request_id
    assert emulator.studio.find(DEMO_CASTER, "scene-opening").audio == loud


LAYER = models.UpdateCasterSceneAudioRequestAudioLayer
ONE_PLACE = {"mix_list": ["RV01"]}


@pytest.mark.parametrize(
    ("changes", "scene", "status", "code"),
    [
        pytest.param({"caster_id": "no caster"}, {}, 400, "InvalidCasterId.Malformed", id="caster"),
        pytest.param({"caster_id": None}, {}, 400, "InvalidCasterId.Malformed", id="no-caster"),
        pytest.param({"scene_id": None}, {}, 400, "InvalidParameter.Malformed", id="no-scene"),
        pytest.param({"owner_id": -1}, {}, 400, "InvalidUserId.Malformed", id="owner"),
        pytest.param({"follow_enable": 2}, {}, 400, "InvalidParameter.Malformed", id="follow"),
        pytest.param(
            {**ONE_PLACE, "audio_layer": [LAYER(volume_rate=10.1)]},
            {},
            400,
            "InvalidParameter.Malformed",
            id="volume",
        ),
        pytest.param(
            ONE_PLACE, {}, 400, "InvalidAudioLayersAndMixListSize.Mismatch", id="sizes-differ"
        ),
        pytest.param({}, {"status": 0}, 400, "IncorrectSceneStatus", id="scene-off"),
        pytest.param(
            {}, {"config_error": True}, 400, "IncorrectSceneStatus.ConfigError", id="configuration"
        ),
        pytest.param(
            {"mix_list": ["RV01", "RV01"]}, {}, 400, "InvalidMixList.ExceedNorm", id="twice"
        ),
        pytest.param(
            {}, {"locations": ("RV01",)}, 400, "InvalidMixList.ExceedNorm", id="more-than-there-are"
        ),
        pytest.param({}, {"account": "another"}, 401, "IllegalOperation", id="another-account"),
        pytest.param({"caster_id": "none"}, {}, 404, "InvalidCaster.NotFound", id="caster-unknown"),
        pytest.param({"scene_id": "none"}, {}, 404, "InvalidScene.NotFound", id="scene-unknown"),
        pytest.param(
            {"mix_list": ["RV01", "RV99"]}, {}, 404, "ResourceInChannel.NotFound", id="location"
        ),
        pytest.param(
            {}, {"in_channel": True}, 412, "ResourceInChannel.PreConditionFailed", id="in-channel"
        ),
        pytest.param(
            {}, {"invalid_locations": ("RV02",)}, 412, "ResourceInChannel.Invalid", id="unusable"
        ),
    ],
)
async def test_a_documented_error_reaches_the_sdk_and_changes_nothing(  # noqa: PLR0913 (a table)
    emulator: Emulator,
    client: Client,
    call: Call,
    *,
    changes: dict[str, Any],
    scene: dict[str, Any],
    status: int,
    code: str,
) -> None:
    before = Audio(follow_enable=0, layers=(Layer(location_id="RV03"),))
    prepared = emulator.studio.find(DEMO_CASTER, "scene-opening").model_copy(
        update={**scene, "audio": before}
    )
    emulator.studio.put(prepared)

    with pytest.raises(ClientException) as raised:
        await call(client, "update_caster_scene_audio", update_request(**changes))

    error = raised.value
    assert (error.status_code, error.code) == (status, code)
    assert error.request_id == next(iter(emulator.calls)).request_id
    assert {"Code", "Message", "RequestId", "HostId", "Recommend"} <= set(error.data)
    assert emulator.studio.find(DEMO_CASTER, "scene-opening") == prepared


async def test_an_internal_error_is_a_server_exception(
    emulator: Emulator, client: Client, call: Call
) -> None:
    emulator.faults.order(FaultOrder())

    with pytest.raises(ServerException) as raised:
        await call(client, "update_caster_scene_audio", update_request())

    assert (raised.value.status_code, raised.value.code) == (500, "InternalError")


async def test_more_updates_than_the_quota_are_throttled(
    emulator: Emulator, client: Client, call: Call
) -> None:
    emulator.dials.update_qps = 1
    await call(client, "update_caster_scene_audio", update_request())

    with pytest.raises(ThrottlingException) as raised:
        await call(client, "update_caster_scene_audio", update_request())

    assert (raised.value.status_code, raised.value.code) == (400, "Throttling.User")
    assert raised.value.retry_after == 1000


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        pytest.param(
            {"access_key_id": "nobody"}, 404, "InvalidAccessKeyId.NotFound", id="unknown-key"
        ),
        pytest.param(
            {"access_key_secret": "wrong"}, 400, "SignatureDoesNotMatch", id="wrong-secret"
        ),
        pytest.param(
            {"access_key_id": "STS.one", "security_token": "other"},
            400,
            "InvalidSecurityToken.Malformed",
            id="wrong-token",
        ),
        pytest.param({"access_key_id": "STS.one"}, 400, "MissingSecurityToken", id="no-token"),
        pytest.param(
            {"access_key_id": "STS.old", "security_token": "old token"},
            400,
            "InvalidSecurityToken.Expired",
            id="expired-token",
        ),
    ],
)
async def test_a_key_that_is_not_good_is_refused(
    emulator: Emulator, call: Call, key: dict[str, str], status: int, code: str
) -> None:
    put_temporary_keys(emulator)

    with pytest.raises(ClientException) as raised:
        await call(client_of(emulator, **key), "describe_caster_scene_audio", describe_request())

    assert (raised.value.status_code, raised.value.code) == (status, code)
    assert "testsecret" not in str(raised.value)


async def test_temporary_credentials_with_their_token_are_good(
    emulator: Emulator, call: Call
) -> None:
    put_temporary_keys(emulator)
    client = client_of(emulator, access_key_id="STS.one", security_token="CAIS+t/with=special&==")

    read = await call(client, "describe_caster_scene_audio", describe_request())

    assert read.status_code == 200


def put_temporary_keys(emulator: Emulator) -> None:
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    for name, token, expires in (
        ("STS.one", "CAIS+t/with=special&==", now + hour),
        ("STS.old", "old token", now - hour),
    ):
        emulator.keys.put(
            AccessKey(
                access_key_id=name, secret="testsecret", security_token=token, expires=expires
            )
        )


async def test_a_ram_denial_carries_its_detail(emulator: Emulator, call: Call) -> None:
    emulator.keys.put(
        AccessKey(access_key_id="reader", secret="s", denied_actions=("UpdateCasterSceneAudio",))
    )
    client = client_of(emulator, access_key_id="reader", access_key_secret="s")

    with pytest.raises(ClientException) as raised:
        await call(client, "update_caster_scene_audio", update_request())

    assert (raised.value.status_code, raised.value.code) == (403, "Forbidden.RAM")
    assert raised.value.access_denied_detail["AuthAction"] == "live:UpdateCasterSceneAudio"


async def test_many_calls_at_once_are_all_answered(
    emulator: Emulator, client: Client, call: Call
) -> None:
    names = itertools.repeat("scene-interview", 50)

    answers = await asyncio.gather(
        *(call(client, "describe_caster_scene_audio", describe_request(name)) for name in names)
    )

    assert len({answer.body.request_id for answer in answers}) == 50
