"""The recorded requests of the official SDK verify, byte for byte."""

import json
from pathlib import Path
from typing import Any

import pytest

from live_emulator.admission import Admission
from live_emulator.claim import claim_of
from live_emulator.clock import Clock
from live_emulator.keys import AccessKey, KeyRing
from live_emulator.signature import (
    WireRequest,
    canonical_query,
    canonical_request,
    claimed,
    percent_encoded,
    signed,
    string_to_sign,
)
from tests.emulator.timepiece import NOON

VECTORS = json.loads(
    (Path(__file__).parent.parent / "contract" / "acs3-vectors.json").read_text("utf-8")
)["vectors"]
each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])


def wire_of(vector: dict[str, Any]) -> WireRequest:
    query = vector["canonical_request"].split("\n")[2]
    headers = {**vector["headers"], "authorization": vector["authorization"]}
    return WireRequest(method="POST", path="/", raw_query=query, headers=headers)


@each_vector
def test_a_recorded_request_is_recomputed(vector: dict[str, Any]) -> None:
    wire = wire_of(vector)
    claim = claimed(vector["authorization"])
    assert claim is not None

    request = canonical_request(wire, claim.signed_headers)
    text = string_to_sign(request)

    assert request == vector["canonical_request"]
    assert text == vector["string_to_sign"]
    assert signed(vector["config"]["access_key_secret"], text) == claim.signature


@each_vector
def test_a_recorded_request_is_admitted_at_its_time(vector: dict[str, Any]) -> None:
    config = vector["config"]
    key = AccessKey(
        access_key_id=config["access_key_id"],
        secret=config["access_key_secret"],
        security_token=config.get("security_token"),
    )

    admitted = Admission(KeyRing([key]), Clock(now=lambda: NOON)).admit(
        wire_of(vector), claim_of(wire_of(vector))
    )

    assert admitted == key


@each_vector
def test_the_parameters_of_a_recorded_request_are_decoded(vector: dict[str, Any]) -> None:
    assert wire_of(vector).parameters() == vector["params"]


@pytest.mark.parametrize(
    "raw_query",
    ["B=a%20b&A=%7E%2A", "A=~*&B=a+b", "A=%7e%2a&B=a%20b"],
    ids=["another-order", "as-a-form", "lower-case-hex"],
)
def test_the_spelling_on_the_wire_does_not_matter(raw_query: str) -> None:
    assert canonical_query(raw_query) == "A=~%2A&B=a%20b"


def test_keys_are_sorted_by_code_point() -> None:
    raw_query = "AudioLayer.2.Filter=&AudioLayer.10.Filter=&a=&Z="

    assert canonical_query(raw_query) == "AudioLayer.10.Filter=&AudioLayer.2.Filter=&Z=&a="


def test_only_the_unreserved_stay_bare() -> None:
    assert percent_encoded("aZ09-_.~ é*/+") == "aZ09-_.~%20%C3%A9%2A%2F%2B"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer abc",
        "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host",
        "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=short",
        "ACS3-HMAC-SM3 Credential=id,SignedHeaders=host,Signature=" + "0" * 64,
    ],
)
def test_an_authorization_of_another_shape_claims_nothing(header: str) -> None:
    assert claimed(header) is None


def test_blanks_after_the_commas_of_an_authorization_are_fine() -> None:
    header = f"ACS3-HMAC-SHA256 Credential=id, SignedHeaders=a;host, Signature={'0' * 64}"

    claim = claimed(header)

    assert claim is not None
    assert (claim.access_key_id, claim.signed_headers) == ("id", ("a", "host"))


def test_a_form_in_the_body_adds_its_parameters() -> None:
    wire = WireRequest(
        method="POST",
        path="/",
        raw_query="CasterId=c",
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=b"SceneId=s+1",
    )

    assert wire.parameters() == {"CasterId": "c", "SceneId": "s 1"}
