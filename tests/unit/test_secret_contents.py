import base64
from typing import Any

import pytest

from caster_scene_audio.adapters.cluster.secret_contents import (
    Absent,
    is_possible,
    misnamed,
    missing,
    not_allowed,
    reading_of,
)
from caster_scene_audio.domain.credentials import Credentials, SecretRef

REF = SecretRef(namespace="studio", name="key")
GOOD = {"access-key-id": b"LTAIvalue", "access-key-secret": b"topvalue"}


def secret(data: dict[str, bytes], **metadata: str) -> dict[str, Any]:
    encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
    return {"metadata": {"name": "key", **metadata}, "data": encoded}


def reason(data: dict[str, bytes]) -> str:
    reading = reading_of(REF, secret(data))
    assert isinstance(reading, Absent)
    return reading.reason


def test_a_key_and_its_secret_are_credentials() -> None:
    reading = reading_of(REF, secret(GOOD))

    assert reading == Credentials(access_key_id="LTAIvalue", access_key_secret="topvalue")


def test_a_security_token_comes_along() -> None:
    reading = reading_of(REF, secret(GOOD | {"security-token": b"CAIS+/=="}))

    assert isinstance(reading, Credentials)
    assert reading.security_token == "CAIS+/=="


def test_other_keys_do_not_matter() -> None:
    assert reading_of(REF, secret(GOOD | {"note": b"\xff\n"})) == reading_of(REF, secret(GOOD))


def test_a_secret_that_is_being_deleted_still_counts() -> None:
    dying = secret(GOOD, deletionTimestamp="2026-01-01T00:00:00Z")

    assert reading_of(REF, dying) == reading_of(REF, secret(GOOD))


@pytest.mark.parametrize("key", ["access-key-id", "access-key-secret", "security-token"])
@pytest.mark.parametrize(
    ("value", "fault"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"topvalue\n", "ends with a line break", id="newline at the end"),
        pytest.param(b"topvalue\r\n", "ends with a line break", id="carriage return at the end"),
        pytest.param(b"\ntopvalue", "begins with a line break", id="newline at the start"),
        pytest.param(b"topvalue ", "ends with a space", id="space at the end"),
        pytest.param(b"topvalue\t", "ends with a space", id="tab at the end"),
        pytest.param(b" topvalue", "begins with a space", id="space at the start"),
        pytest.param(b"\n", "begins with a line break", id="nothing but a newline"),
        pytest.param(b"top\nvalue", "has a line break inside", id="newline inside"),
        pytest.param(b"top value", "has a space inside", id="space inside"),
        pytest.param(b"top\x00value", "has a control character inside", id="control character"),
        pytest.param(b"topvalue\xff", "not plain ASCII", id="not UTF-8"),
        pytest.param("topvalué".encode(), "not plain ASCII", id="not ASCII"),
        pytest.param(b"\xef\xbb\xbftopvalue", "not plain ASCII", id="byte order mark"),
        pytest.param("topvalue\xa0".encode(), "not plain ASCII", id="no-break space"),
    ],
)
def test_a_value_that_cannot_be_right_is_named_and_not_told(
    key: str, value: bytes, fault: str
) -> None:
    told = reason(GOOD | {key: value})

    assert told.startswith(f"Secret studio/key: {key} ")
    assert fault in told
    assert "echo -n" in told
    assert "value" not in told.replace("each value alone", "")


@pytest.mark.parametrize("key", GOOD)
def test_a_missing_key_is_named(key: str) -> None:
    told = reason({name: value for name, value in GOOD.items() if name != key})

    assert told.startswith(f"Secret studio/key: {key} is missing;")


def test_all_that_is_wrong_is_told_at_once() -> None:
    told = reason({"access-key-secret": b"topvalue\n", "security-token": b""})

    assert "access-key-id is missing, access-key-secret ends" in told
    assert "security-token is empty" in told


@pytest.mark.parametrize("empty", [{"metadata": {}}, {"metadata": {}, "data": None}])
def test_a_secret_without_data_lacks_both_keys(empty: dict[str, Any]) -> None:
    reading = reading_of(REF, empty)

    assert isinstance(reading, Absent)
    assert "access-key-id is missing, access-key-secret is missing" in reading.reason


def test_data_that_is_not_base64_is_named_and_not_told() -> None:
    broken = {"data": {"access-key-id": "b2s=", "access-key-secret": "*topvalue*"}}

    reading = reading_of(REF, broken)

    assert isinstance(reading, Absent)
    assert "access-key-secret is not base64" in reading.reason
    assert "topvalue" not in reading.reason


def test_a_missing_secret_is_told_with_how_to_create_it() -> None:
    told = missing(REF).reason

    assert "Secret studio/key does not exist" in told
    assert "kubectl create secret generic key --namespace studio" in told


def test_missing_rights_are_told_with_the_verbs_and_the_way_around() -> None:
    told = not_allowed(REF).reason

    assert "the verbs get and watch on secrets in namespace studio" in told
    assert "leave spec.credentialsSecretRef out" in told


@pytest.mark.parametrize("name", ["key", "a", "studio.key-2", "a" * 253])
def test_a_name_that_a_secret_can_have_is_possible(name: str) -> None:
    assert is_possible(SecretRef(namespace="studio", name=name))


@pytest.mark.parametrize(
    "name", ["", "..", "../key", "a/b", "a,b", "a=b", "-a", "Key", "a\n", "a" * 254]
)
def test_a_name_that_could_lead_a_request_elsewhere_is_not(name: str) -> None:
    assert not is_possible(SecretRef(namespace="studio", name=name))


def test_a_wrong_name_is_not_told_either() -> None:
    assert "lower-case" in misnamed().reason
