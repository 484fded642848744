"""The flat parameters that a spec becomes."""

import json

import pytest
from hypothesis import given

from caster_scene_audio.adapters.live.parameters import filter_json, update_parameters
from caster_scene_audio.domain.spec import AudioFilter, SceneAudioSpec
from tests.support.specs.wanted_audio import specs


def wanted(**given: object) -> SceneAudioSpec:
    return SceneAudioSpec.model_validate({"casterId": "c", "sceneId": "s"} | given)


def test_what_the_spec_leaves_out_is_absent() -> None:
    parameters = update_parameters(wanted(followMode="AudioMixing"))

    assert parameters == {"CasterId": "c", "SceneId": "s", "FollowEnable": "0"}


def test_a_bare_layer_is_sent_whole() -> None:
    parameters = update_parameters(wanted(layers=[{"locationId": "RV01"}]))

    assert parameters == {
        "CasterId": "c",
        "SceneId": "s",
        "MixList.1": "RV01",
        "AudioLayer.1.VolumeRate": "1.0",
        "AudioLayer.1.ValidChannel": "all",
        "AudioLayer.1.FixedDelayDuration": "0",
        "AudioLayer.1.Filter": (
            '{"enableAgc":0,"enableAns":0,"ansMode":0,"enableBeautify":0,"voiceBeautifyMode":0}'
        ),
    }


def test_a_volume_of_minus_zero_is_zero() -> None:
    parameters = update_parameters(wanted(layers=[{"locationId": "RV01", "volumeRate": -0.0}]))

    assert parameters["AudioLayer.1.VolumeRate"] == "0.0"


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ({}, (0, 0, 0, 0, 0)),
        ({"automaticGainControl": True}, (1, 0, 0, 0, 0)),
        ({"noiseReduction": "Speech"}, (0, 1, 0, 0, 0)),
        ({"noiseReduction": "Music"}, (0, 1, 1, 0, 0)),
        ({"voiceBeautification": "MagneticMale"}, (0, 0, 0, 1, 0)),
        ({"voiceBeautification": "FreshFemale"}, (0, 0, 0, 1, 1)),
    ],
    ids=str,
)
def test_a_filter_has_all_five_keys(given: dict[str, object], numbers: tuple[int, ...]) -> None:
    text = filter_json(AudioFilter.model_validate(given))

    assert json.loads(text) == dict(
        zip(
            ("enableAgc", "enableAns", "ansMode", "enableBeautify", "voiceBeautifyMode"),
            numbers,
            strict=True,
        )
    )


@given(spec=specs)
def test_every_location_stands_beside_a_whole_layer(spec: SceneAudioSpec) -> None:
    parameters = update_parameters(spec)

    count = len(spec.layers or ())
    assert sum(name.startswith("MixList.") for name in parameters) == count
    assert sum(name.startswith("AudioLayer.") for name in parameters) == 4 * count
    assert [parameters[f"MixList.{number}"] for number in range(1, count + 1)] == [
        layer.location_id for layer in spec.layers or ()
    ]
