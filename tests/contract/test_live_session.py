"""How calls travel: over one pool of connections, and as they were signed."""

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest

from caster_scene_audio.adapters.live.client import LiveClient, user_agent
from caster_scene_audio.domain.audio import ObservedLayer, Scene
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import Channel, FollowMode
from dev.control_plane.processes import free_ports
from tests.support.live.live_calls import KEY, SCENE, WANTED
from tests.support.live.odd_server import http, odd_server, says

NOON = datetime(2025, 8, 15, 20, tzinfo=timezone(timedelta(hours=8)))
DONE = says(http(200, {"RequestId": "R-1"}, Set_Cookie="session=1"))


def headers_of(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").strip().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


async def test_an_update_gives_the_request_id() -> None:
    async with odd_server(DONE) as server, LiveClient(endpoint=server.url) as live:
        assert await live.update_scene_audio(WANTED, KEY) == "R-1"


async def test_many_calls_use_one_connection() -> None:
    async with odd_server(DONE) as server, LiveClient(endpoint=server.url) as live:
        for _ in range(20):
            await live.update_scene_audio(WANTED, KEY)

        assert (server.connections, len(server.heads)) == (1, 20)


async def test_a_failed_call_leaves_its_connection_to_the_next() -> None:
    async with odd_server(says(http(412, {"Code": "ResourceInChannel.Invalid"}))) as server:
        async with LiveClient(endpoint=server.url) as live:
            for _ in range(3):
                with pytest.raises(Exception, match="ResourceInChannel"):
                    await live.update_scene_audio(WANTED, KEY)

        assert (server.connections, len(server.heads)) == (1, 3)


async def test_a_call_is_made_once_even_when_its_connection_breaks() -> None:
    async with odd_server(says(b"", then_closes=True)) as server:
        async with LiveClient(endpoint=server.url) as live:
            with pytest.raises(Exception, match="ConnectionLost"):
                await live.update_scene_audio(WANTED, KEY)

        assert len(server.heads) == 1


async def test_the_head_of_a_request_is_as_the_service_wants_it() -> None:
    async with (
        odd_server(DONE) as server,
        LiveClient(endpoint=server.url, now=lambda: NOON, nonce=lambda: "0" * 32) as live,
    ):
        await live.update_scene_audio(WANTED, KEY)

        head = server.heads[0]
        assert head.startswith(b"POST /?AudioLayer.1.Filter=%7B%22enableAgc%22%3A0%2C")
        headers = headers_of(head)
        assert headers.pop("authorization").startswith("ACS3-HMAC-SHA256 Credential=LTAI-test,")
        assert headers == {
            "host": server.host,
            "accept": "application/json",
            "accept-encoding": "identity",
            "content-length": "0",
            "user-agent": user_agent(),
            "x-acs-action": "UpdateCasterSceneAudio",
            "x-acs-version": "2016-11-01",
            "x-acs-date": "2025-08-15T12:00:00Z",
            "x-acs-signature-nonce": "0" * 32,
            "x-acs-content-sha256": (
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            ),
            "x-acs-accesskey-id": KEY.access_key_id,
            "x-acs-security-token": KEY.security_token,
        }


async def test_each_attempt_is_signed_anew_and_brings_no_cookie() -> None:
    times = (datetime(2025, 8, 15, 12, 0, second, tzinfo=UTC) for second in itertools.count())
    async with (
        odd_server(DONE) as server,
        LiveClient(endpoint=server.url, now=lambda: next(times)) as live,
    ):
        for _ in range(2):
            await live.update_scene_audio(WANTED, KEY)

        first, second = map(headers_of, server.heads)
        changing = ("authorization", "x-acs-date", "x-acs-signature-nonce")
        assert all(first[name] != second[name] for name in changing)
        assert "cookie" not in second


async def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with odd_server(DONE) as proxy, odd_server(DONE) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        async with LiveClient(endpoint=server.url) as live:
            await live.update_scene_audio(WANTED, KEY)

        assert (proxy.connections, server.connections) == (0, 1)


async def test_all_calls_go_through_the_proxy_that_is_named() -> None:
    async with (
        odd_server(DONE) as proxy,
        LiveClient(
            endpoint="http://live.example", proxy=proxy.url.replace("//", "//user:password@")
        ) as live,
    ):
        await live.update_scene_audio(WANTED, KEY)

        head = proxy.heads[0]
        assert head.startswith(b"POST http://live.example/?AudioLayer.1.Filter=")
        headers = headers_of(head)
        assert headers["host"] == "live.example"
        assert headers["proxy-authorization"] == "Basic dXNlcjpwYXNzd29yZA=="
        assert headers["authorization"].startswith("ACS3-HMAC-SHA256 ")


async def test_a_proxy_that_refuses_the_way_is_named_and_its_password_is_not() -> None:
    refusing = says(http(407, b"who are you?"))
    async with (
        odd_server(refusing) as proxy,
        LiveClient(
            endpoint="https://live.example", proxy=proxy.url.replace("//", "//user:password@")
        ) as live,
    ):
        with pytest.raises(CallFailed) as failed:
            await live.update_scene_audio(WANTED, KEY)

    failure = failed.value.failure
    assert proxy.heads[0].startswith(b"CONNECT live.example:443 ")
    assert (failure.code, failure.reason) == ("ProxyRefused", Reason.UNREACHABLE)
    assert failure.message == "the proxy doesn't lead to live.example: it says 407"


async def test_a_proxy_that_is_not_there_is_told_from_a_service_that_is_not() -> None:
    port = next(free_ports())
    async with LiveClient(
        endpoint="https://live.example", proxy=f"http://127.0.0.1:{port}"
    ) as live:
        with pytest.raises(CallFailed) as failed:
            await live.update_scene_audio(WANTED, KEY)

    assert failed.value.failure.code == "ProxyUnreachable"


async def test_the_audio_of_a_scene_is_read_back_in_our_words() -> None:
    answer = {
        "RequestId": "R-2",
        "FollowEnable": 1,
        "MixList": {"LocationId": ["RV01"]},
        "AudioLayers": {
            "AudioLayer": [{"VolumeRate": 1, "ValidChannel": "left", "FixedDelayDuration": 200}]
        },
    }

    async with (
        odd_server(says(http(200, answer))) as server,
        LiveClient(endpoint=server.url) as live,
    ):
        observed = await live.describe_scene_audio(SCENE, KEY)

    assert observed.request_id == "R-2"
    assert observed.follow_mode is FollowMode.AUDIO_FOLLOWS_VIDEO
    assert observed.layers == (
        ObservedLayer(
            location_id="RV01",
            volume_rate=1.0,
            valid_channel=Channel.LEFT,
            fixed_delay_milliseconds=200,
        ),
    )


async def test_of_a_casters_scenes_only_the_one_asked_for_is_given() -> None:
    scenes = [
        {"SceneId": "OTHER", "SceneName": "b", "Status": 0, "OutputType": "0"},
        {"SceneId": "SCENE", "SceneName": "a", "Status": 1, "OutputType": "1"},
    ]
    answer = {"RequestId": "R-3", "Total": 2, "SceneList": {"Scene": scenes}}

    async with (
        odd_server(says(http(200, answer))) as server,
        LiveClient(endpoint=server.url) as live,
    ):
        found = await live.describe_scenes(SCENE, KEY)

    assert found == (Scene(scene_id="SCENE", name="a", active=True, on_air=True),)
