"""Who gets in, as a caller sees it."""

from datetime import timedelta
from typing import Any

import pytest

from live_emulator.keys import AccessKey
from live_emulator.server import Emulator
from live_emulator.signature import canonical_query
from tests.emulator.caller import DEMO, Caller, Key, raw_query_of
from tests.emulator.timepiece import NOON, Timepiece

QUERY = canonical_query(raw_query_of(DEMO))
READ = "DescribeCasterSceneAudio"


@pytest.mark.parametrize(
    "shift", [timedelta(minutes=15), timedelta(minutes=-15)], ids=["ahead", "behind"]
)
async def test_a_date_within_fifteen_minutes_is_good(caller: Caller, shift: timedelta) -> None:
    assert (await caller.describe(date=NOON + shift)).status == 200


@pytest.mark.parametrize("seconds", [901, -901], ids=["ahead", "behind"])
async def test_a_date_further_off_is_expired(caller: Caller, seconds: int) -> None:
    reply = await caller.describe(date=NOON + timedelta(seconds=seconds))

    assert (reply.status, reply.code) == (400, "InvalidTimeStamp.Expired")


async def test_a_nonce_is_good_once(caller: Caller) -> None:
    first = await caller.describe(nonce="once")
    second = await caller.describe(nonce="once")

    assert first.status == 200
    assert (second.status, second.code) == (400, "SignatureNonceUsed")


async def test_a_call_with_a_wrong_signature_leaves_its_nonce_unused(caller: Caller) -> None:
    await caller.describe(nonce="once", key=Key(secret="wrong"))

    assert (await caller.describe(nonce="once")).status == 200


async def test_a_nonce_is_forgotten_when_its_request_is_too_old_to_replay(
    caller: Caller, timepiece: Timepiece
) -> None:
    await caller.describe(nonce="once")
    timepiece.pass_by(30 * 60 + 1)

    assert (await caller.describe(nonce="once")).status == 200


async def test_the_message_for_a_wrong_signature_has_the_servers_string_to_sign(
    caller: Caller,
) -> None:
    reply = await caller.describe(key=Key(secret="wrong"))

    assert reply.code == "SignatureDoesNotMatch"
    assert "server string to sign is:ACS3-HMAC-SHA256\n" in reply.json["Message"]
    assert "testsecret" not in reply.body.decode()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"authorization": "Basic x"}, "IncompleteSignature", id="authorization"),
        pytest.param({"x-acs-date": "noon"}, "InvalidTimeStamp.Format", id="date"),
        pytest.param({"x-acs-extra": "1"}, "IncompleteSignature", id="unsigned-header"),
        pytest.param({"host": "elsewhere"}, "SignatureDoesNotMatch", id="host"),
        pytest.param({"x-acs-version": "2016-11-02"}, "InvalidVersion", id="version"),
        pytest.param({"x-acs-action": "DeleteCaster"}, "InvalidAction.NotFound", id="action"),
        pytest.param({"x-acs-action": "DescribeCasterScenes"}, "SignatureDoesNotMatch", id="other"),
    ],
)
async def test_a_header_that_was_changed_on_the_way_is_noticed(
    caller: Caller, changed: dict[str, str], code: str
) -> None:
    reply = await caller.send(QUERY, caller.headers(READ, QUERY) | changed)

    assert reply.code == code


async def test_a_call_without_authorization_misses_its_access_key(caller: Caller) -> None:
    headers = caller.headers(READ, QUERY)
    del headers["authorization"]

    assert (await caller.send(QUERY, headers)).code == "MissingAccessKeyId"


async def test_a_parameter_that_was_changed_on_the_way_is_noticed(caller: Caller) -> None:
    headers = caller.headers(READ, QUERY)

    reply = await caller.send(QUERY.replace("opening", "interview"), headers)

    assert reply.code == "SignatureDoesNotMatch"


async def test_a_body_that_was_changed_on_the_way_is_noticed(caller: Caller) -> None:
    reply = await caller.send(QUERY, caller.headers(READ, QUERY), body=b"more")

    assert reply.code == "SignatureDoesNotMatch"


async def test_a_digest_that_is_signed_but_not_the_bodys_is_noticed(caller: Caller) -> None:
    headers = caller.headers(READ, QUERY, claimed_digest="0" * 64)

    reply = await caller.send(QUERY, headers)

    assert (reply.code, "x-acs-content-sha256" in reply.json["Message"]) == (
        "SignatureDoesNotMatch",
        True,
    )


async def test_an_empty_nonce_is_refused(caller: Caller) -> None:
    headers = caller.headers(READ, QUERY, nonce=" ")

    assert (await caller.send(QUERY, headers)).code == "MissingSignatureNonce"


async def test_a_signed_get_is_a_call_as_well(caller: Caller) -> None:
    headers = caller.headers(READ, QUERY, method="GET")

    reply = await caller.send(QUERY, headers, method="GET")

    assert reply.json["FollowEnable"] == 1


async def test_a_signed_form_is_a_call_as_well(caller: Caller) -> None:
    body = QUERY.encode()
    headers = caller.headers(READ, "", body=body)

    reply = await caller.send(
        "", {**headers, "content-type": "application/x-www-form-urlencoded"}, body=body
    )

    assert reply.json["FollowEnable"] == 1


@pytest.mark.parametrize(
    ("stored", "sent", "code"),
    [
        pytest.param({"active": False}, {}, "InvalidAccessKeyId.Inactive", id="inactive"),
        pytest.param({"security_token": "t"}, {}, "MissingSecurityToken", id="token-missing"),
        pytest.param(
            {}, {"token": "made up"}, "InvalidSecurityToken.Malformed", id="token-made-up"
        ),
        pytest.param(
            {},
            {"token": "the other's"},
            "InvalidSecurityToken.MismatchWithAccessKey",
            id="token-of-another",
        ),
        pytest.param(
            {"security_token": "t", "expires": NOON},
            {"token": "t"},
            "InvalidSecurityToken.Expired",
            id="token-expired",
        ),
    ],
)
async def test_what_is_wrong_with_a_key_is_told(
    caller: Caller, emulator: Emulator, stored: dict[str, Any], sent: dict[str, str], code: str
) -> None:
    emulator.keys.put(AccessKey(access_key_id="other", secret="s", security_token="the other's"))
    emulator.keys.put(AccessKey(access_key_id="one", secret="s", **stored))

    reply = await caller.describe(key=Key(access_key_id="one", secret="s", **sent))

    assert reply.code == code
