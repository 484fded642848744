"""The flat parameters that a spec becomes: ours, and those that the official SDK was seen to send."""

import json

import pytest
from hypothesis import given

from caster_scene_audio.adapters.live.parameters import (
    describe_parameters,
    filter_json,
    update_parameters,
)
from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.spec import AudioFilter, SceneAudioSpec
from tests.support.live.recorded_requests import VECTORS
from tests.support.specs.wanted_audio import specs

SCENE = {
    "casterId": "LIVEPRODUCER_POST-cn-0pp1czt****",
    "sceneId": "a2b8e671-2fe5-4642-a2ec-bf93880e1****",
}
TWO_LAYERS = SCENE | {
    "regionId": "cn-shanghai",
    "followMode": "AudioMixing",
    "layers": [
        {"locationId": "RV01", "filter": {"noiseReduction": "Speech"}},
        {
            "locationId": "RV02",
            "volumeRate": 0.35,
            "validChannel": "LeftChannel",
            "fixedDelayMilliseconds": 5000,
            "filter": {
                "automaticGainControl": True,
                "noiseReduction": "Music",
                "voiceBeautification": "FreshFemale",
            },
        },
    ],
}
FILTERS_OFF = dict.fromkeys(
    ("enableAgc", "enableAns", "ansMode", "enableBeautify", "voiceBeautifyMode"), 0
)


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
    ("said", "sent"),
    [("All", "all"), ("LeftChannel", "leftChannel"), ("RightChannel", "rightChannel")],
)
def test_a_channel_is_sent_in_the_services_words(said: str, sent: str) -> None:
    parameters = update_parameters(wanted(layers=[{"locationId": "RV01", "validChannel": said}]))

    assert parameters["AudioLayer.1.ValidChannel"] == sent


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


@pytest.mark.parametrize(
    ("name", "follow_mode", "region"),
    [
        ("02_follow_0_region", "AudioMixing", {"regionId": "cn-shanghai"}),
        ("03_follow_1", "AudioFollowsVideo", {}),
    ],
)
def test_a_follow_mode_gives_the_recorded_parameters(
    name: str, follow_mode: str, region: dict[str, str]
) -> None:
    spec = SceneAudioSpec.model_validate(SCENE | {"followMode": follow_mode} | region)

    assert update_parameters(spec) == VECTORS[name]["params"]


@pytest.mark.parametrize("name", ["04_full_two_layers", "10_sts_token"])
def test_layers_give_the_recorded_parameters_and_whole_filters(name: str) -> None:
    recorded = dict(VECTORS[name]["params"])
    filters = {key: json.loads(recorded.pop(key)) for key in list(recorded) if "Filter" in key}

    ours = update_parameters(SceneAudioSpec.model_validate(TWO_LAYERS))

    assert {key: json.loads(ours.pop(key)) for key in filters} == {
        key: FILTERS_OFF | value for key, value in filters.items()
    }
    assert ours == recorded


@pytest.mark.parametrize(
    ("name", "region_id"), [("01_min_no_layers", None), ("13_describe_scene_audio", "cn-shanghai")]
)
def test_a_scene_gives_the_recorded_parameters(name: str, region_id: str | None) -> None:
    scene = SceneRef(caster_id=SCENE["casterId"], scene_id=SCENE["sceneId"], region_id=region_id)

    assert describe_parameters(scene) == VECTORS[name]["params"]
