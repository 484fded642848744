"""What a write changes, told to a person by location."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.domain.changes import changes
from caster_scene_audio.domain.spec import AppliedAudio, Layer
from tests.support.specs.generated_specs import LAYER

BARE = {"locationId": "RV01"}
VALUES = LAYER | {"volumeRate": st.integers(0, 1000).map(lambda number: number / 100)}
"""Volumes that differ for whoever reads them; of others a text shows six digits."""


def audio(*layers: dict[str, Any]) -> AppliedAudio:
    return AppliedAudio.model_validate({"layers": layers})


def test_a_layer_that_is_added_is_told_with_all_that_is_not_the_default() -> None:
    whole = {
        "locationId": "RV01",
        "volumeRate": 0.35,
        "validChannel": "LeftChannel",
        "fixedDelayMilliseconds": 120,
        "filter": {"noiseReduction": "Speech"},
    }

    found = changes(audio(), audio(whole, {"locationId": "RV02"}))

    assert found == [
        "RV01 added (0.35, LeftChannel, delay 120 ms, noise reduction Speech)",
        "RV02 added (1)",
    ]


@pytest.mark.parametrize("name", [str(each.alias) for each in Layer.model_fields.values()][1:])
@given(data=st.data())
def test_no_field_of_a_layer_is_forgotten(name: str, data: st.DataObject) -> None:
    bare = audio(BARE)
    wanted = data.draw(VALUES[name].map(lambda value: audio(BARE | {name: value})))

    changed = [each for each in changes(bare, wanted) if each.startswith(f"RV01 {name} ")]
    is_told_when_added = changes(audio(), wanted) != changes(audio(), bare)

    assert len(changed) == is_told_when_added == (wanted != bare)
