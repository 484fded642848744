"""What an answer says, in every spelling."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from caster_scene_audio.adapters.live.answers import (
    Answer,
    listed_scenes,
    observed_audio,
    updated,
)
from caster_scene_audio.domain.audio import ObservedAudio, ObservedLayer
from caster_scene_audio.domain.failure import CallFailed, Failure, FailureClass
from caster_scene_audio.domain.spec import Channel, FollowMode


def answer(document: dict[str, Any], *, status: int = 200) -> Answer:
    body = json.dumps({"RequestId": "R-1"} | document).encode()
    return Answer(host="live.example", status=status, headers=CIMultiDict(), body=body)


def layers(*given: Any, locations: tuple[str, ...] = ("RV01",)) -> ObservedAudio:
    return observed_audio(
        answer({"MixList": {"LocationId": locations}, "AudioLayers": {"AudioLayer": given}})
    )


TOLD = ("VolumeRate", "ValidChannel", "FixedDelayDuration")


def told(observed: ObservedAudio) -> tuple[ObservedLayer, ...]:
    assert observed.layers is not None
    return observed.layers


def test_a_request_id_that_is_a_number_is_one() -> None:
    assert updated(answer({"RequestId": 7})) == "7"


@pytest.mark.parametrize(
    ("written", "follow_mode"),
    [
        (0, FollowMode.AUDIO_MIXING),
        ("0", FollowMode.AUDIO_MIXING),
        (1, FollowMode.AUDIO_FOLLOWS_VIDEO),
        ("1", FollowMode.AUDIO_FOLLOWS_VIDEO),
        ("", None),
        (None, None),
    ],
)
def test_the_follow_mode_is_read_from_a_number_or_text(
    written: object, follow_mode: FollowMode | None
) -> None:
    assert observed_audio(answer({"FollowEnable": written})).follow_mode is follow_mode


@pytest.mark.parametrize(
    ("written", "channel"),
    [
        ("all", Channel.ALL),
        ("left", Channel.LEFT),
        ("leftChannel", Channel.LEFT),
        ("right", Channel.RIGHT),
        ("rightChannel", Channel.RIGHT),
        ("RightChannel", Channel.RIGHT),
        ("", None),
        (None, None),
    ],
)
def test_both_spellings_of_a_channel_are_known(
    written: str | None, channel: Channel | None
) -> None:
    assert told(layers({"ValidChannel": written}))[0].valid_channel is channel


@pytest.mark.parametrize(
    ("written", "volume_rate"),
    [(1, 1.0), (1.0, 1.0), ("1", 1.0), ("0.35", 0.35), (0, 0.0)],
)
def test_a_volume_is_a_number_however_it_is_written(written: object, volume_rate: float) -> None:
    volume = told(layers({"VolumeRate": written}))[0].volume_rate

    assert (volume, type(volume)) == (volume_rate, float)


@pytest.mark.parametrize("layer", [{}, dict.fromkeys(TOLD), dict.fromkeys(TOLD, "")])
def test_what_an_answer_leaves_out_was_not_told(layer: dict[str, Any]) -> None:
    assert told(layers(layer)) == (
        ObservedLayer(
            location_id="RV01", volume_rate=None, valid_channel=None, fixed_delay_milliseconds=None
        ),
    )


@pytest.mark.parametrize("document", [{}, {"MixList": None}, {"MixList": {}}, {"AudioLayers": {}}])
def test_missing_lists_were_not_told(document: dict[str, Any]) -> None:
    assert observed_audio(answer(document)) == ObservedAudio(
        request_id="R-1", follow_mode=None, layers=None
    )


def test_empty_lists_tell_that_there_is_no_layer() -> None:
    document: dict[str, Any] = {"MixList": {"LocationId": []}, "AudioLayers": {"AudioLayer": []}}

    assert observed_audio(answer(document)).layers == ()


def test_a_list_without_its_wrapper_is_read() -> None:
    observed = observed_audio(answer({"MixList": ["RV01"], "AudioLayers": [{"VolumeRate": 2}]}))

    assert [(each.location_id, each.volume_rate) for each in told(observed)] == [("RV01", 2.0)]


def test_of_a_location_without_a_layer_nothing_is_told() -> None:
    observed = layers({"VolumeRate": 2}, locations=("RV01", "RV02"))

    assert told(observed)[1] == ObservedLayer(
        location_id="RV02", volume_rate=None, valid_channel=None, fixed_delay_milliseconds=None
    )


def test_a_layer_without_a_location_is_at_none() -> None:
    assert [each.location_id for each in told(layers({}, {}))] == ["RV01", ""]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"FollowEnable": 2}, "FollowEnable"),
        ({"FollowEnable": [1]}, "FollowEnable"),
        ({"MixList": "RV01"}, "MixList"),
        ({"MixList": {"LocationId": [1]}}, "MixList.0"),
        ({"AudioLayers": {"AudioLayer": [1]}}, "AudioLayers.0"),
        ({"AudioLayers": {"AudioLayer": [{"ValidChannel": "centre"}]}}, "AudioLayers.0.ValidCh"),
        ({"AudioLayers": {"AudioLayer": [{"VolumeRate": "loud"}]}}, "AudioLayers.0.VolumeRate"),
        ({"AudioLayers": {"AudioLayer": [{"VolumeRate": float("nan")}]}}, "AudioLayers.0.Vol"),
        ({"AudioLayers": {"AudioLayer": [{"VolumeRate": [1]}]}}, "AudioLayers.0.VolumeRate"),
        ({"AudioLayers": {"AudioLayer": [{"FixedDelayDuration": {}}]}}, "AudioLayers.0.Fixed"),
    ],
)
def test_a_value_of_no_known_kind_is_named(document: dict[str, Any], place: str) -> None:
    with pytest.raises(CallFailed, match=f"can't be understood at {place}") as caught:
        observed_audio(answer(document))

    assert caught.value.failure.failure_class is FailureClass.TRANSIENT


def test_a_scene_is_read_from_numbers_or_text() -> None:
    scenes = [
        {"SceneId": "a", "SceneName": "Studio", "Status": "1", "OutputType": 0},
        {"SceneId": "b", "Status": 0, "OutputType": "1"},
        {},
    ]

    found = listed_scenes(answer({"SceneList": {"Scene": scenes}}))

    assert [(each.scene_id, each.name, each.active, each.on_air) for each in found] == [
        ("a", "Studio", True, False),
        ("b", "", False, True),
        ("", "", False, False),
    ]


@pytest.mark.parametrize("document", [{}, {"SceneList": {}}, {"SceneList": {"Scene": None}}])
def test_no_scenes_are_none(document: dict[str, Any]) -> None:
    assert listed_scenes(answer(document)) == ()


@pytest.mark.parametrize(
    ("header", "retry_after_s"),
    [
        ("0", 0.0),
        ("1500", 1.5),
        (" 20 ", 0.02),
        ("0.5", 0.0005),
        ("", None),
        ("-1", None),
        ("1e3", None),
        ("nan", None),
        ("inf", None),
        ("٣", None),
        ("1,5", None),
        ("9" * 13, None),
    ],
)
def test_the_time_to_wait_is_read_in_milliseconds_or_ignored(
    header: str, retry_after_s: float | None
) -> None:
    given = Answer(
        host="live.example",
        status=429,
        headers=CIMultiDict({"X-Acs-Retry-After": header}),
        body=b"",
    )

    assert given.retry_after_s == retry_after_s


KEYS = """
    Code Message RequestId FollowEnable MixList LocationId AudioLayers AudioLayer VolumeRate
    ValidChannel FixedDelayDuration SceneList Scene SceneId SceneName Status OutputType
"""
keys = st.sampled_from(KEYS.split())
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(keys, children),
    max_leaves=20,
)
documents = st.dictionaries(keys, any_json).map(lambda each: {"RequestId": "R-1"} | each)
bodies = st.binary() | any_json.map(json.dumps).map(str.encode)


@given(
    body=bodies | documents.map(json.dumps).map(str.encode),
    status=st.sampled_from([200, 204, 302, 400, 404, 412, 429, 500, 503]),
)
@pytest.mark.parametrize("read", [updated, observed_audio, listed_scenes])
def test_whatever_comes_is_a_value_or_a_failed_call(
    read: Callable[[Answer], object], body: bytes, status: int
) -> None:
    given_answer = Answer(host="live.example", status=status, headers=CIMultiDict(), body=body)

    failure = failure_of(read, given_answer)

    if failure is None:
        assert 200 <= status < 300
    else:
        assert failure.message
        assert failure.http_status == status


def failure_of(read: Callable[[Answer], object], given_answer: Answer) -> Failure | None:
    """Any other error than CallFailed would escape."""
    try:
        read(given_answer)
    except CallFailed as error:
        return error.failure
    return None
