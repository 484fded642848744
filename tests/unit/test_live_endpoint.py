"""Which host a call goes to."""

import pytest
from alibabacloud_live20161101.client import Client
from alibabacloud_tea_openapi.utils_models import Config

from caster_scene_audio.adapters.live.endpoint import (
    CENTRAL_REGIONS,
    host_of_region,
    parse_endpoint,
)


def sdk_client(region_id: str) -> Client:
    return Client(Config(region_id=region_id, access_key_id="id", access_key_secret="secret"))


def test_the_regions_of_the_central_host_are_the_official_sdks() -> None:
    assert sdk_client("cn-shanghai")._endpoint_map == dict.fromkeys(  # it has no public name
        CENTRAL_REGIONS, "live.aliyuncs.com"
    )


@pytest.mark.parametrize(
    "region_id", ["cn-shanghai", "eu-central-1", "cn-nanjing", "us-southeast-1"]
)
def test_a_regions_host_is_the_official_sdks(region_id: str) -> None:
    assert host_of_region(region_id) == sdk_client(region_id)._endpoint  # it has no public name


@pytest.mark.parametrize(
    ("region_id", "url"),
    [
        (None, "https://live.aliyuncs.com"),
        ("cn-shanghai", "https://live.aliyuncs.com"),
        ("cn-nanjing", "https://live.cn-nanjing.aliyuncs.com"),
    ],
)
@pytest.mark.parametrize("text", [None, ""], ids=["none", "empty"])
def test_without_an_override_a_region_goes_to_its_host(
    text: str | None, region_id: str | None, url: str
) -> None:
    assert str(parse_endpoint(text).origin(region_id)) == url


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://live.example/", "https://live.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_override_takes_the_calls_of_every_region(text: str, origin: str) -> None:
    endpoint = parse_endpoint(text)

    assert {str(endpoint.origin(region)) for region in (None, "cn-nanjing")} == {origin}


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("live.aliyuncs.com", "neither http:// nor https://"),
        ("ftp://live.aliyuncs.com", "neither http:// nor https://"),
        ("localhost:8080", "neither http:// nor https://"),
        ("https://", "not a URL|names no host"),
        ("http://:8080", "not a URL|names no host"),
        ("http://live.example:99999", "not a URL"),
        ("http://live.example:port", "not a URL"),
        ("http://[::1", "not a URL"),
        ("https://live.example/api", "a path, a query or a fragment"),
        ("https://live.example?x=1", "a path, a query or a fragment"),
        ("https://live.example/#top", "a path, a query or a fragment"),
        ("https://me:hunter2@live.example", "a user or a password"),
    ],
)
def test_a_bad_override_says_what_to_write_and_repeats_no_password(text: str, trouble: str) -> None:
    with pytest.raises(
        ValueError, match=f"must be http.*for example https://.*({trouble})"
    ) as caught:
        parse_endpoint(text)

    assert "hunter2" not in str(caught.value)
