"""Signature version 1.0, as the `aliyun` command, older SDKs and the documentation's examples send it."""

from datetime import timedelta
from typing import Any

import pytest

from live_emulator.keys import AccessKey
from live_emulator.rpc_signature import signed, string_to_sign
from live_emulator.server import Emulator
from live_emulator.signature import WireRequest
from tests.emulator.caller import DEMO, TWO_LAYERS, Caller, Key, raw_query_of
from tests.emulator.rpc_caller import FORM, Way, of_protocol, rpc, send, signed_query
from tests.emulator.timepiece import NOON

UPDATE = "UpdateCasterSceneAudio"
READ = "DescribeCasterSceneAudio"
LIST = "DescribeCasterScenes"
WAYS = pytest.mark.parametrize(
    "way",
    [
        pytest.param(Way(), id="get"),
        pytest.param(Way(method="POST"), id="post-query"),
        pytest.param(Way(method="POST", in_form=True), id="post-form"),
        pytest.param(Way(headers={"x-acs-action": UPDATE}), id="get-with-header"),
        pytest.param(
            Way(
                method="POST",
                in_form=True,
                headers={"x-acs-action": "updateCasterSceneAudio", "x-acs-version": "2016-11-01"},
            ),
            id="post-form-with-headers",
        ),
    ],
)


def test_the_signature_of_the_documentations_example_is_recomputed() -> None:
    query = (
        "Timestamp=2016-02-23T12:46:24Z&Format=XML&AccessKeyId=testid&Action=DescribeRegions"
        "&SignatureMethod=HMAC-SHA1&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"
        "&Version=2014-05-26&SignatureVersion=1.0"
    )
    wire = WireRequest(method="GET", path="/", raw_query=query, headers={})

    assert signed("testsecret", string_to_sign(wire)) == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


@WAYS
async def test_an_update_is_taken_however_it_travels(
    caller: Caller, emulator: Emulator, way: Way
) -> None:
    reply = await rpc(caller, UPDATE, {**TWO_LAYERS, "RegionId": "cn-shanghai"}, way)

    call = next(iter(emulator.calls))
    assert reply.json == {"RequestId": call.request_id}
    assert (call.action, call.access_key_id, call.code, call.applied) == (
        UPDATE,
        "testid",
        "OK",
        True,
    )
    assert call.parameters == {**TWO_LAYERS, "RegionId": "cn-shanghai"}
    assert emulator.studio.find(DEMO["CasterId"], DEMO["SceneId"]).audio.follow_enable == 0


async def test_both_forms_of_one_call_are_recorded_alike_but_for_the_signature(
    caller: Caller,
) -> None:
    await rpc(caller, UPDATE, TWO_LAYERS)
    await caller.update()

    first, second = (await caller.control("GET", "calls")).json["calls"]

    differing = {name for name in first if first[name] != second[name]}
    assert differing == {"id", "requestId", "userAgent", "signature"}
    assert (first["signature"], second["signature"]) == ("1.0", "ACS3-HMAC-SHA256")


async def test_the_action_may_stand_in_a_header_alone(caller: Caller) -> None:
    way = Way(headers={"x-acs-action": READ, "x-acs-version": "2016-11-01"})

    reply = await rpc(caller, None, DEMO, way, Version=None)

    assert reply.json["FollowEnable"] == 1


async def test_parameters_may_be_split_between_query_and_form(caller: Caller) -> None:
    given = {**of_protocol(caller, Key(), Action=READ), **DEMO}
    query = signed_query(given, method="POST", secret="testsecret")
    form = raw_query_of(DEMO)

    reply = await caller.send(query.replace(f"&{form}", ""), FORM, body=form.encode())

    assert reply.json["FollowEnable"] == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"Action": READ}, "MissingAccessKeyId"),
        ({"Action": READ, "AccessKeyId": "testid"}, "MissingSignature"),
        ({"AccessKeyId": "testid"}, "InvalidAction.NotFound"),
        ({"Action": "DeleteCaster"}, "InvalidAction.NotFound"),
    ],
    ids=["no-credentials", "no-signature", "no-action", "another-action"],
)
async def test_a_call_without_credentials_gets_the_services_error_and_never_a_page(
    caller: Caller, method: str, parameters: dict[str, str], code: str
) -> None:
    query = raw_query_of({"Version": "2016-11-01", **parameters})

    reply = await send(caller, query, Way(method=method))

    assert reply.headers["Content-Type"] == "text/xml;charset=utf-8"
    assert (reply.xml.tag, reply.xml.findtext("Code")) == ("Error", code)


@pytest.mark.parametrize(
    ("protocol", "status", "code"),
    [
        pytest.param({"Version": "2016-11-02"}, 400, "InvalidVersion", id="version"),
        pytest.param({"Version": None}, 400, "InvalidVersion", id="no-version"),
        pytest.param({"Timestamp": None}, 400, "MissingTimestamp", id="no-date"),
        pytest.param({"Timestamp": "noon"}, 400, "InvalidTimeStamp.Format", id="date"),
        pytest.param({"SignatureNonce": None}, 400, "MissingSignatureNonce", id="no-nonce"),
        pytest.param({"SignatureMethod": "MD5"}, 400, "IncompleteSignature", id="method"),
        pytest.param({"SignatureVersion": "2"}, 400, "IncompleteSignature", id="signature-version"),
        pytest.param({"AccessKeyId": "no"}, 404, "InvalidAccessKeyId.NotFound", id="key"),
        pytest.param(
            {"SecurityToken": "made up"}, 400, "InvalidSecurityToken.Malformed", id="token"
        ),
    ],
)
async def test_what_is_wrong_with_a_request_is_told(
    caller: Caller, protocol: dict[str, Any], status: int, code: str
) -> None:
    reply = await rpc(caller, READ, DEMO, **protocol)

    assert (reply.status, reply.code) == (status, code)


@pytest.mark.parametrize("seconds", [901, -901], ids=["ahead", "behind"])
async def test_a_date_further_off_than_fifteen_minutes_is_expired(
    caller: Caller, seconds: int
) -> None:
    date = f"{NOON + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"

    assert (await rpc(caller, READ, DEMO, Timestamp=date)).code == "InvalidTimeStamp.Expired"


async def test_a_nonce_is_good_once_in_whichever_form(caller: Caller) -> None:
    first = await rpc(caller, READ, DEMO, SignatureNonce="once")
    second = await rpc(caller, READ, DEMO, SignatureNonce="once")
    third = await caller.describe(nonce="once")

    assert (first.status, second.code, third.code) == (200, *["SignatureNonceUsed"] * 2)


async def test_a_wrong_secret_gets_the_message_that_older_sdks_take_apart(caller: Caller) -> None:
    given = of_protocol(caller, Key(), Action=READ) | DEMO
    query = signed_query(given, method="GET", secret="wrong")
    wire = WireRequest(method="GET", path="/", raw_query=raw_query_of(given), headers={})

    reply = await send(caller, query, Way())

    assert (reply.status, reply.code) == (400, "SignatureDoesNotMatch")
    assert reply.json["Message"] == (
        "Specified signature is not matched with our calculation."
        f" server string to sign is:{string_to_sign(wire)}"
    )
    assert reply.json["Message"].count(":") == 1


@pytest.mark.parametrize("way", [Way(), Way(method="POST", in_form=True)], ids=["query", "form"])
async def test_a_parameter_that_was_changed_on_the_way_is_noticed(caller: Caller, way: Way) -> None:
    given = of_protocol(caller, Key(), Action=READ) | DEMO
    query = signed_query(given, method=way.method, secret="testsecret")

    reply = await send(caller, query.replace("opening", "interview"), way)

    assert reply.code == "SignatureDoesNotMatch"


async def test_a_temporary_key_is_good_with_its_token_only(
    caller: Caller, emulator: Emulator
) -> None:
    token = "CAIS+t/with=special&=="
    emulator.keys.put(AccessKey(access_key_id="STS.one", secret="s", security_token=token))
    key = Key(access_key_id="STS.one", secret="s", token=token)

    good = await rpc(caller, READ, DEMO, key=key)
    bare = await rpc(caller, READ, DEMO, key=key, SecurityToken=None)

    assert (good.status, bare.code) == (200, "MissingSecurityToken")


async def test_a_denied_action_and_a_spent_quota_are_told(
    caller: Caller, emulator: Emulator
) -> None:
    emulator.keys.put(AccessKey(access_key_id="reader", secret="s", denied_actions=(UPDATE,)))
    emulator.dials.read_qps = 1

    denied = await rpc(caller, UPDATE, DEMO, key=Key(access_key_id="reader", secret="s"))
    replies = [await rpc(caller, READ, DEMO), await caller.describe()]

    assert denied.json["AccessDeniedDetail"]["AuthAction"] == f"live:{UPDATE}"
    assert [reply.status for reply in replies] == [200, 400]
    assert replies[1].code == "Throttling.User"


async def test_a_fault_strikes_a_call_of_this_form_too(caller: Caller) -> None:
    order = {"code": "ServiceUnavailable", "match": {"action": READ, "accessKeyId": "testid"}}
    await caller.control("POST", "faults", order)

    reply = await rpc(caller, READ, DEMO, Format=None)

    assert (reply.status, reply.xml.findtext("Code")) == (503, "ServiceUnavailable")


@pytest.mark.parametrize("text", [None, "XML", "xml", "yaml"])
async def test_answers_are_xml_unless_json_is_asked_for(caller: Caller, text: str | None) -> None:
    reply = await rpc(caller, LIST, {"CasterId": DEMO["CasterId"]}, Format=text)

    assert reply.headers["Content-Type"] == "text/xml;charset=utf-8"
    assert reply.xml.tag == "DescribeCasterScenesResponse"
    assert reply.xml.findtext("Total") == "2"
    names = [scene.findtext("SceneId") for scene in reply.xml.findall("SceneList/Scene")]
    assert names == ["scene-opening", "scene-interview"]


@pytest.mark.parametrize("text", ["JSON", "json", "Json"])
async def test_json_is_answered_where_it_is_asked_for(caller: Caller, text: str) -> None:
    reply = await rpc(caller, READ, DEMO, Format=text)

    assert reply.json["CasterId"] == DEMO["CasterId"]


async def test_the_newer_form_answers_json_unless_xml_is_asked_for(caller: Caller) -> None:
    assert (await caller.describe()).json["FollowEnable"] == 1
    assert (await caller.describe({**DEMO, "Format": "XML"})).xml.findtext("FollowEnable") == "1"


async def test_the_caller_behind_a_key_is_told_in_this_form_too(caller: Caller) -> None:
    reply = await rpc(caller, "GetCallerIdentity", {}, Version="2015-04-01")

    assert reply.json["AccountId"] == "1234567890123456"


async def test_no_secret_of_the_protocol_is_recorded(caller: Caller, emulator: Emulator) -> None:
    key = AccessKey(access_key_id="STS.one", secret="s3cret", security_token="t0ken")
    emulator.keys.put(key)
    await rpc(caller, READ, DEMO, key=Key(access_key_id="STS.one", secret="s3cret", token="t0ken"))

    told = (await caller.control("GET", "calls")).body

    assert next(iter(emulator.calls)).parameters == DEMO
    assert b"t0ken" not in told
    assert b'Signature"' not in told
