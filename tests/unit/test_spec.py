"""What the model takes; that it is what the API server takes, another test asks a real one."""

import pytest
from hypothesis import given

from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.objects import UnreadableSpec
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.specs.generated_specs import good_specs
from tests.support.specs.written_specs import SCENE, following, layered, located

UNREADABLE = {
    "nothing-said": (SCENE, "spec: give followMode, layers or both"),
    "unknown-field": (following(volume=1), "spec.volume: Extra inputs are not permitted"),
    "unknown-null": (following(volume=None), "spec.volume: Extra inputs are not permitted"),
    "volume-in-quotes": (
        layered(volumeRate="1.0"),
        "spec.layers[0].volumeRate: must be a number, without quotes",
    ),
    "half-a-millisecond": (
        layered(fixedDelayMilliseconds=0.5),
        "spec.layers[0].fixedDelayMilliseconds: must be a whole number",
    ),
    "flag-as-number": (
        layered(filter={"automaticGainControl": 1}),
        "spec.layers[0].filter.automaticGainControl: must be true or false, without quotes",
    ),
    "no-layers": (
        following(layers=[]),
        "spec.layers: give at least one layer, or leave layers out",
    ),
    "location-twice": (
        located("RV02", "RV01", "RV02"),
        "spec.layers: names RV02 more than once: give each location one layer",
    ),
}


@given(spec=good_specs)
def test_a_good_spec_is_readable(spec: object) -> None:
    assert isinstance(spec_from(spec), SceneAudioSpec)


@pytest.mark.parametrize(("spec", "complaint"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_bad_spec_is_unreadable_for_a_reason(spec: object, complaint: str) -> None:
    assert spec_from(spec) == UnreadableSpec(complaint)


def test_a_null_is_as_good_as_a_field_that_is_left_out() -> None:
    with_nulls = following(regionId=None, layers=[{"locationId": "RV01", "filter": None}])

    assert spec_from(with_nulls) == spec_from(following(layers=[{"locationId": "RV01"}]))
