"""Requests recorded from the official SDK: what we compute is what it sent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from caster_scene_audio.adapters.live import signature
from caster_scene_audio.domain.credentials import Credentials
from tests.support.live.recorded_requests import VECTORS


@pytest.fixture(params=VECTORS.values(), ids=list(VECTORS))
def vector(request: pytest.FixtureRequest) -> dict[str, Any]:
    chosen: dict[str, Any] = request.param
    return chosen


def test_the_canonical_request_is_the_recorded_one(vector: dict[str, Any]) -> None:
    query = signature.canonical_query(vector["params"])

    request = signature.canonical_request(query, vector["headers"])

    assert request == vector["canonical_request"]


def test_the_string_to_sign_is_the_recorded_one(vector: dict[str, Any]) -> None:
    assert signature.string_to_sign(vector["canonical_request"]) == vector["string_to_sign"]


def test_the_authorization_is_the_recorded_one(vector: dict[str, Any]) -> None:
    query = signature.canonical_query(vector["params"])

    header = signature.authorization(query, vector["headers"], Credentials(**vector["config"]))

    assert header == vector["authorization"]


def test_a_call_carries_the_recorded_headers_but_the_sdks_own(vector: dict[str, Any]) -> None:
    caller = signature.Caller(
        credentials=Credentials(**vector["config"]),
        now=datetime.fromisoformat(vector["date"]).astimezone(UTC),
        nonce=vector["nonce"],
        user_agent=vector["headers"]["user-agent"],
    )

    signed = signature.sign(
        vector["action"], vector["params"], host=vector["endpoint"], caller=caller
    )

    ours = {name.lower(): value for name, value in signed.headers.items()}
    del ours["authorization"]
    assert ours == {
        name: value
        for name, value in vector["headers"].items()
        if name != "x-acs-credentials-provider"
    }
