"""What a write changes, told to a person by location."""

from typing import Any

import pytest

from caster_scene_audio.domain.changes import changes
from caster_scene_audio.domain.spec import AppliedAudio, Layer

WHOLE: dict[str, Any] = {
    "locationId": "RV01",
    "volumeRate": 0.35,
    "validChannel": "LeftChannel",
    "fixedDelayMilliseconds": 120,
    "filter": {"noiseReduction": "Speech"},
}


def audio(*layers: dict[str, Any]) -> AppliedAudio:
    return AppliedAudio.model_validate({"layers": layers})


def test_a_layer_that_is_added_is_told_with_all_that_is_not_the_default() -> None:
    found = changes(audio(), audio(WHOLE, {"locationId": "RV02"}))

    assert found == [
        "RV01 added (0.35, LeftChannel, delay 120 ms, noise reduction Speech)",
        "RV02 added (1)",
    ]


@pytest.mark.parametrize("name", [each for each in Layer.model_fields if each != "location_id"])
def test_no_field_of_a_layer_is_forgotten(name: str) -> None:
    field = Layer.model_fields[name]
    plain = {"locationId": "RV01"}
    alias = str(field.alias)

    changed = changes(audio(plain), audio(plain | {alias: WHOLE[alias]}))
    added = changes(audio(), audio(plain | {alias: WHOLE[alias]}))

    assert len(changed) == 1
    assert changed[0].startswith(f"RV01 {alias} ")
    assert added != changes(audio(), audio(plain))
