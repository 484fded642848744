import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.domain.audio import (
    ObservedAudio,
    ObservedLayer,
    audio_as_spec,
)
from caster_scene_audio.domain.comparison import differences, is_as_wanted, listed, same_volume
from caster_scene_audio.domain.duration import seconds_of
from caster_scene_audio.domain.spec import Channel, FollowMode, SceneAudioSpec
from tests.support.simulation.fakes import as_read
from tests.support.simulation.objects import spec

WANTED = spec(
    followMode="AudioMixing",
    layers=[
        {"locationId": "RV01", "volumeRate": 0.9},
        {"locationId": "RV02", "validChannel": "LeftChannel", "fixedDelayMilliseconds": 200},
    ],
)

IN_SYNC = ObservedAudio(
    request_id="READ", follow_mode=FollowMode.AUDIO_MIXING, layers=as_read(WANTED.layers or ())
)


LAYER_FIELDS = ("volume_rate", "valid_channel", "fixed_delay_milliseconds")


def with_layer(number: int, **fields: object) -> ObservedAudio:
    layers = list(IN_SYNC.layers or ())
    layers[number] = replace(layers[number], **fields)  # type: ignore[arg-type]  # any field
    return replace(IN_SYNC, layers=tuple(layers))


def test_a_scene_that_is_as_declared_shows_no_difference() -> None:
    assert differences(WANTED, IN_SYNC) == ()


@pytest.mark.parametrize(
    ("observed", "message"),
    [
        (
            replace(IN_SYNC, follow_mode=FollowMode.AUDIO_FOLLOWS_VIDEO),
            "followMode AudioFollowsVideo → AudioMixing",
        ),
        (with_layer(0, volume_rate=0.8), "RV01 volumeRate 0.8 → 0.9"),
        (with_layer(1, valid_channel=Channel.ALL), "RV02 validChannel All → LeftChannel"),
        (with_layer(1, fixed_delay_milliseconds=0), "RV02 fixedDelayMilliseconds 0 → 200"),
        (
            replace(IN_SYNC, layers=(IN_SYNC.layers or ())[::-1]),
            "layers [RV02, RV01] → [RV01, RV02]",
        ),
        (
            replace(IN_SYNC, layers=(with_layer(0, volume_rate=5.0).layers or ())[:1]),
            "layers [RV01] → [RV01, RV02]; RV01 volumeRate 5.0 → 0.9",
        ),
        (
            replace(IN_SYNC, layers=(with_layer(1, fixed_delay_milliseconds=7).layers or ())[::-1]),
            "layers [RV02, RV01] → [RV01, RV02]; RV02 fixedDelayMilliseconds 7 → 200",
        ),
        (replace(IN_SYNC, layers=()), "layers [] → [RV01, RV02]"),
        (
            replace(with_layer(0, volume_rate=2.0), follow_mode=FollowMode.AUDIO_FOLLOWS_VIDEO),
            "followMode AudioFollowsVideo → AudioMixing; RV01 volumeRate 2.0 → 0.9",
        ),
    ],
)
def test_whatever_differs_is_named_with_both_values(observed: ObservedAudio, message: str) -> None:
    assert listed(differences(WANTED, observed)) == message


def test_what_the_spec_leaves_out_is_not_compared() -> None:
    only_mode = spec(followMode="AudioMixing")
    only_layers = SceneAudioSpec.model_validate(
        {"casterId": "c", "sceneId": "s", "layers": [{"locationId": "RV01", "volumeRate": 0.9}]}
    )

    assert differences(only_mode, replace(IN_SYNC, layers=())) == ()
    assert differences(only_layers, replace(IN_SYNC, layers=(IN_SYNC.layers or ())[:1])) == ()


UNTOLD = [
    ("follow_mode", replace(IN_SYNC, follow_mode=None)),
    ("layers", replace(IN_SYNC, layers=None)),
    *((name, with_layer(0, **{name: None})) for name in LAYER_FIELDS),
]


@pytest.mark.parametrize("observed", [pair[1] for pair in UNTOLD], ids=[pair[0] for pair in UNTOLD])
def test_what_the_service_does_not_tell_is_no_difference_and_no_proof(
    observed: ObservedAudio,
) -> None:
    assert differences(WANTED, observed) == ()
    assert not is_as_wanted(WANTED, observed)


def test_a_scene_that_reads_as_declared_is_as_wanted() -> None:
    assert is_as_wanted(WANTED, IN_SYNC)
    assert not is_as_wanted(WANTED, with_layer(0, volume_rate=2.0))


@pytest.mark.parametrize(
    "wanted", [{}, {"automaticGainControl": False}, {"noiseReduction": "Speech"}]
)
def test_a_filter_that_a_spec_names_is_not_known_to_be_there(wanted: dict[str, object]) -> None:
    named = spec(
        layers=[
            {"locationId": "RV01", "volumeRate": 0.9, "filter": wanted},
            {"locationId": "RV02", "validChannel": "LeftChannel", "fixedDelayMilliseconds": 200},
        ]
    )

    assert differences(named, IN_SYNC) == ()
    assert not is_as_wanted(named, IN_SYNC)


@given(st.floats(0, 10))
def test_a_volume_is_the_same_when_the_service_keeps_it_in_32_bits(volume: float) -> None:
    (kept,) = struct.unpack("<f", struct.pack("<f", volume))

    assert same_volume(volume, kept)


def test_a_volume_that_sounds_different_is_different() -> None:
    assert same_volume(0.9, 0.8999999761581421)
    assert not same_volume(0.9, 0.89)


def test_many_differences_are_counted_rather_than_listed() -> None:
    many = spec(layers=[{"locationId": f"RV{number:02}"} for number in range(1, 21)])
    silent = tuple(
        ObservedLayer(
            location_id=f"RV{number:02}",
            volume_rate=0,
            valid_channel=Channel.ALL,
            fixed_delay_milliseconds=0,
        )
        for number in range(1, 21)
    )

    message = listed(differences(many, replace(IN_SYNC, layers=silent)))

    assert message.count("→") == 8
    assert message.endswith("and 12 more")


def test_what_a_scene_has_can_be_applied_again() -> None:
    again = SceneAudioSpec.model_validate(
        {"casterId": "c", "sceneId": "s"} | audio_as_spec(IN_SYNC)
    )

    assert differences(again, IN_SYNC) == ()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("10m", 600), ("1h30m", 5400), ("1h0m5s", 3605), ("90m", 5400)],
)
def test_a_duration_is_read_as_kubernetes_writes_it(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "1.5h", "-10m", "10m1h", "10 m", "10m\n", "1d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 30s"):
        seconds_of(text)
