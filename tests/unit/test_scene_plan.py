"""What a plan says of one scene."""

from typing import Any

import pytest
from hypothesis import given, settings

from caster_scene_audio.commands.plan.scene_plan import planned, volumes
from caster_scene_audio.domain.audio import ObservedAudio, audio_from_spec
from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.comparison import differences, is_as_wanted
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.specs.generated_specs import good_specs
from tests.support.specs.written_specs import SCENE, layered


def spec(raw: object) -> SceneAudioSpec:
    read = spec_from(raw)
    assert isinstance(read, SceneAudioSpec)
    return read


def audio(raw: object) -> ObservedAudio:
    return audio_from_spec(spec(raw).audio)


def lines(wanted: object, had: object) -> list[str]:
    plan = planned(spec(wanted), audio(had), on_air=False)
    return [f"{each.subject}  {each.text}" for each in plan.changes]


def layers(*each: dict[str, Any]) -> dict[str, Any]:
    return {**SCENE, "layers": list(each)}


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (0.8, 1.4, "0.80 → 1.40 (−1.9 → +2.9 dB)"),
        (1.0, 0.0, "1.00 → 0.00 (0.0 → −∞ dB)"),
        (0.125, 10, "0.125 → 10.00 (−18.1 → +20.0 dB)"),
    ],
)
def test_a_volume_is_told_in_multiples_and_decibels(before: float, after: float, text: str) -> None:
    assert volumes(before, after) == text


def test_a_change_is_told_by_location() -> None:
    had = layers({"locationId": "RV01"}, {"locationId": "RV02", "volumeRate": 0.8})
    wanted = layers(
        {"locationId": "RV01", "fixedDelayMilliseconds": 120},
        {"locationId": "RV02", "volumeRate": 1.4},
    )

    assert lines(wanted, had) == [
        "RV01  fixedDelayMilliseconds 0 → 120",
        "RV02  0.80 → 1.40 (−1.9 → +2.9 dB)",
    ]


def test_layers_come_and_go_and_change_their_order() -> None:
    had = layers({"locationId": "RV01"}, {"locationId": "RV02"}, {"locationId": "RV03"})
    wanted = layers(
        {"locationId": "RV02", "volumeRate": 0.5},
        {"locationId": "RV01"},
        {"locationId": "RV04", "volumeRate": 0.35, "fixedDelayMilliseconds": 120},
    )

    assert lines(wanted, had) == [
        "RV02  1.00 → 0.50 (0.0 → −6.0 dB)",
        "RV04  added: 0.35 (−9.1 dB), delay 120 ms",
        "RV03  removed",
        "order  RV01, RV02, RV03 → RV02, RV01, RV04",
    ]


def test_a_filter_can_not_be_known_and_is_sent() -> None:
    wanted = layered(filter={"noiseReduction": "Speech"})

    plan = planned(spec(wanted), audio(layered()), on_air=False)

    assert plan.changes == ()
    assert [each.text for each in plan.unknown] == ["filter ? → noiseReduction Speech"]
    assert plan.is_written


@pytest.mark.parametrize("held", [{"suspend": True}, {"mode": "Observe"}])
def test_what_is_held_back_is_told_and_not_written(held: dict[str, Any]) -> None:
    wanted = {**layered(volumeRate=0.5), **held}

    plan = planned(spec(wanted), audio(layered()), on_air=False)

    assert plan.changes
    assert not plan.is_written
    assert "nothing is written" in plan.note


@pytest.mark.parametrize(("on_air", "words"), [("Wait", "waits"), ("Apply", "heard at once")])
def test_a_scene_on_air_is_told_of(on_air: str, words: str) -> None:
    wanted = {**layered(volumeRate=0.5), "onAir": on_air}

    assert words in planned(spec(wanted), audio(layered()), on_air=True).note


@settings(max_examples=200, derandomize=True)
@given(wanted=good_specs, had=good_specs)
def test_a_plan_has_a_change_where_drift_would_be_found_and_nowhere_else(
    wanted: object, had: object
) -> None:
    want, observed = spec(wanted), audio(had)

    plan = planned(want, observed, on_air=False)

    assert bool(plan.changes) == bool(differences(want, observed))
    is_held = want.suspend or want.mode == "Observe"
    assert plan.is_written == (not is_as_wanted(want, observed) and not is_held)


@settings(max_examples=100, derandomize=True)
@given(wanted=good_specs)
def test_a_scene_that_is_as_wanted_has_no_change(wanted: object) -> None:
    assert planned(spec(wanted), audio(wanted), on_air=False).changes == ()
