"""A caller that signs as of old: everything among the parameters, by GET or POST, query or form."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from live_emulator.rpc_signature import signed, string_to_sign
from live_emulator.signature import WireRequest, percent_encoded
from tests.emulator.caller import TEST_KEY, Caller, Key, Reply, raw_query_of

FORM = {"content-type": "application/x-www-form-urlencoded;charset=utf-8"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the request travels."""

    method: str = "GET"
    in_form: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


BY_GET = Way()


def of_protocol(caller: Caller, key: Key, **others: str | None) -> dict[str, str]:
    usual: dict[str, str | None] = {
        "AccessKeyId": key.access_key_id,
        "Format": "JSON",
        "SecurityToken": key.token,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": uuid.uuid4().hex,
        "SignatureVersion": "1.0",
        "Timestamp": f"{caller.timepiece.now():%Y-%m-%dT%H:%M:%SZ}",
        "Version": "2016-11-01",
    }
    return {name: value for name, value in (usual | others).items() if value is not None}


def signed_query(given: Mapping[str, str], *, method: str, secret: str) -> str:
    """What is given, in its order, and the signature behind it."""
    raw_query = raw_query_of(given)
    wire = WireRequest(method=method, path="/", raw_query=raw_query, headers={})
    return f"{raw_query}&Signature={percent_encoded(signed(secret, string_to_sign(wire)))}"


async def rpc(
    caller: Caller,
    action: str | None,
    parameters: Mapping[str, str],
    way: Way = BY_GET,
    *,
    key: Key = TEST_KEY,
    **protocol: Any,
) -> Reply:
    """What is None in `protocol` is not sent."""
    given = of_protocol(caller, key, Action=action, **protocol) | dict(parameters)
    return await send(caller, signed_query(given, method=way.method, secret=key.secret), way)


async def send(caller: Caller, raw_query: str, way: Way) -> Reply:
    headers = {"user-agent": "rpc-caller", **way.headers}
    if way.in_form:
        body = raw_query.encode()
        return await caller.send("", {**headers, **FORM}, method=way.method, body=body)
    return await caller.send(raw_query, headers, method=way.method)
