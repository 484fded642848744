"""Requests recorded from the official SDK: what we compute is what it sent."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from caster_scene_audio.adapters.live import signature
from caster_scene_audio.adapters.live.parameters import describe_parameters, update_parameters
from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.spec import SceneAudioSpec

VECTORS = {
    each["name"]: each
    for each in json.loads((Path(__file__).parent / "acs3-vectors.json").read_text())["vectors"]
}
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
