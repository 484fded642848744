"""What a failed call means for an object, in words for the person who has to mend it."""

from typing import Any

import pytest

from caster_scene_audio.domain.explanation import explained
from caster_scene_audio.domain.failure import CredentialsUnavailable
from caster_scene_audio.domain.status import MESSAGE_LIMIT
from tests.support.simulation.objects import failure, scene_audio

SECRET: dict[str, Any] = {"credentialsSecretRef": {"name": "studio-key"}}


@pytest.mark.parametrize(
    ("fields", "whose"),
    [({}, "the operator's own"), (SECRET, "that of this object's Secret studio-key")],
    ids=["own", "secret"],
)
@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "NoPermission", "Arrearage"])
def test_a_refused_key_is_told_with_where_it_came_from(
    code: str, fields: dict[str, Any], whose: str
) -> None:
    told = explained(failure(code), scene_audio(**fields))

    assert f"key is {whose}" in told or f"key, which is {whose}" in told


@pytest.mark.parametrize(
    ("fields", "begins"),
    [
        ({}, "The operator has no access key of its own that can be used. (Cred"),
        (SECRET, "This object's Secret studio-key gives no access key that can be used. (Cred"),
    ],
    ids=["own", "secret"],
)
def test_a_missing_key_is_told_as_the_operators_or_as_the_objects(
    fields: dict[str, Any], begins: str
) -> None:
    told = explained(CredentialsUnavailable("it is gone").failure, scene_audio(**fields))

    assert told.startswith(begins)


def test_a_location_that_is_not_there_is_told_with_those_that_the_object_names() -> None:
    layers = [{"locationId": "RV2"}, {"locationId": "RV03"}]

    told = explained(failure("ResourceInChannel.NotFound", 404), scene_audio(layers=layers))

    assert "spec.layers names RV2, RV03. (Res" in told


def test_long_names_of_many_locations_leave_room_for_the_services_words() -> None:
    layers = [{"locationId": f"{number:x>64}"} for number in range(64)]

    told = explained(failure("ResourceInChannel.NotFound", 404), scene_audio(layers=layers))

    assert len(told) < MESSAGE_LIMIT
    assert "the service says ResourceInChannel.NotFound) RequestId REQUEST-OF-FAILURE." in told
