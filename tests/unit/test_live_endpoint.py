"""Which host a call goes to."""

import pytest
from alibabacloud_live20161101.client import Client
from alibabacloud_tea_openapi.utils_models import Config

from caster_scene_audio.adapters.live.endpoint import parse_endpoint
from caster_scene_audio.adapters.live.regions import CENTRAL_REGIONS, Network
from caster_scene_audio.domain.failure import CallFailed, FailureClass
from caster_scene_audio.domain.reasons import Reason


def sdk_client(region_id: str) -> Client:
    return Client(Config(region_id=region_id, access_key_id="id", access_key_secret="secret"))


def test_the_regions_of_the_central_host_are_the_official_sdks() -> None:
    assert sdk_client("cn-shanghai")._endpoint_map == dict.fromkeys(  # it has no public name
        CENTRAL_REGIONS, "live.aliyuncs.com"
    )


@pytest.mark.parametrize("region_id", ["cn-shanghai", "eu-central-1", "ap-southeast-1"])
def test_a_regions_host_is_the_official_sdks(region_id: str) -> None:
    host = parse_endpoint(None).origin(region_id).host

    assert host == sdk_client(region_id)._endpoint  # it has no public name


@pytest.mark.parametrize("region_id", [None, "cn-shanghai"])
@pytest.mark.parametrize("text", [None, "", (), ("",)], ids=["none", "empty", "no list", "blank"])
def test_without_an_override_the_central_host_is_called(
    text: str | tuple[str, ...] | None, region_id: str | None
) -> None:
    assert str(parse_endpoint(text).origin(region_id)) == "https://live.aliyuncs.com"


@pytest.mark.parametrize(
    ("region_id", "nearest"),
    [
        ("oss-cn-hangzhou", "cn-hangzhou"),
        ("cn-shangai", "cn-shanghai"),
        ("cn-nanjing", "cn-beijing"),
        ("ap-southeast", "ap-southeast-"),
        ("r" * 64, "cn-"),
    ],
)
def test_a_region_that_is_not_known_is_refused_with_those_near_to_it_and_how_to_allow_it(
    region_id: str, nearest: str
) -> None:
    with pytest.raises(CallFailed) as caught:
        parse_endpoint(None).origin(region_id)

    failure = caught.value.failure
    assert (failure.code, failure.failure_class, failure.reason) == (
        "UnknownRegion",
        FailureClass.INVALID,
        Reason.INVALID_SPEC,
    )
    assert "spec.regionId" in failure.message
    assert nearest in failure.message
    assert f"--live-endpoint {region_id}=URL" in failure.message


def test_a_region_that_has_an_endpoint_of_its_own_need_not_be_known() -> None:
    endpoint = parse_endpoint("cn-nanjing=https://live.cn-nanjing.aliyuncs.com")

    assert str(endpoint.origin("cn-nanjing")) == "https://live.cn-nanjing.aliyuncs.com"
    assert str(endpoint.origin("cn-shanghai")) == "https://live.aliyuncs.com"
    with pytest.raises(CallFailed):
        endpoint.origin("cn-nantong")


def test_an_endpoint_of_one_region_goes_before_that_of_all() -> None:
    endpoint = parse_endpoint(
        ("eu-central-1=https://live.eu.example", "http://all.example", "x1=http://x.example:80")
    )

    assert str(endpoint.origin("eu-central-1")) == "https://live.eu.example"
    assert str(endpoint.origin("x1")) == "http://x.example"
    assert {str(endpoint.origin(each)) for each in (None, "cn-shanghai", "oss-cn")} == {
        "http://all.example"
    }


@pytest.mark.parametrize("region_id", ["cn-shanghai", "ap-southeast-1", "us-east-1"])
def test_within_a_vpc_a_region_goes_to_its_host_there(region_id: str) -> None:
    endpoint = parse_endpoint(None, Network.VPC)

    assert str(endpoint.origin(region_id)) == f"https://live-vpc.{region_id}.aliyuncs.com"


@pytest.mark.parametrize("region_id", ["cn-beijing", "oss-cn-hangzhou", None])
def test_within_a_vpc_a_region_without_a_host_there_is_refused(region_id: str | None) -> None:
    with pytest.raises(CallFailed) as caught:
        parse_endpoint(None, Network.VPC).origin(region_id)

    failure = caught.value.failure
    assert (failure.code, failure.reason) == ("NoVpcEndpoint", Reason.INVALID_SPEC)
    assert "spec.regionId" in failure.message
    assert "--live-network vpc" in failure.message
    assert "cn-shanghai" in failure.message


def test_within_a_vpc_an_endpoint_that_is_given_goes_first() -> None:
    endpoint = parse_endpoint("cn-beijing=https://10.0.0.1", Network.VPC)

    assert str(endpoint.origin("cn-beijing")) == "https://10.0.0.1"
    assert str(endpoint.origin("us-east-1")) == "https://live-vpc.us-east-1.aliyuncs.com"


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
        ("eu-central-1=live.example", "neither http:// nor https://"),
        ("=https://live.example", "neither http:// nor https://"),
        ("EU=https://live.example", "neither http:// nor https://"),
    ],
)
def test_a_bad_override_says_what_to_write_and_repeats_no_password(text: str, trouble: str) -> None:
    with pytest.raises(
        ValueError, match=f"must be http.*for example https://.*({trouble})"
    ) as caught:
        parse_endpoint(text)

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "whose"),
    [
        (("http://a.example", "http://b.example"), "all regions"),
        (("us-east-1=http://a.example", "us-east-1=http://b.example"), "us-east-1"),
    ],
)
def test_two_endpoints_for_one_region_are_refused(texts: tuple[str, ...], whose: str) -> None:
    with pytest.raises(ValueError, match=f"two are given for {whose}"):
        parse_endpoint(texts)
