"""Whoever changes a scene behind the operator's back: it is as declared again, or told."""

import copy
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_emulator.dials import DESCRIBE_AUDIO
from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.declared import AUDIO, DECLARED, audio_of, declared, said_of, until_read
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

__all__ = ["declared"]

pytestmark = pytest.mark.control_plane

FIRST_WRITE = 2
"""Statuses of a first write: what it will replace, and that it was made."""


def written(stage: Stage, name: str) -> int:
    """How many statuses the operator wrote to the object."""
    return len([each for each in stage.operator_writes() if each.name == name])


def drift(stage: Stage, name: str, audio: Body) -> None:
    stage.live.patch_scene(scene_of(name), audio=audio)


def layers_with(number: int, **fields: Any) -> Body:
    """The declared layers, one of them changed."""
    layers = copy.deepcopy(AUDIO["layers"])
    layers[number] |= fields
    return {"layers": layers}


FOLLOWS = {"followEnable": 1}
SWAPPED = {"layers": AUDIO["layers"][::-1]}
ONE_GONE = {"layers": AUDIO["layers"][:1]}
LOUDER = layers_with(1, volumeRate=0.8)
LEFT = layers_with(1, validChannel="leftChannel")
LATER = layers_with(0, fixedDelayDuration=300)
DRIFTS = {
    "follow-mode": (FOLLOWS, "followMode AudioFollowsVideo → AudioMixing"),
    "order": (SWAPPED, "layers [RV02, RV01] → [RV01, RV02]"),
    "a-layer-gone": (ONE_GONE, "layers [RV01] → [RV01, RV02]"),
    "volume": (LOUDER, "RV02 volumeRate 0.8 → 1.0"),
    "channel": (LEFT, "RV02 validChannel LeftChannel → All"),
    "delay": (LATER, "RV01 fixedDelayMilliseconds 300 → 0"),
    "mode-and-volume": (
        FOLLOWS | LOUDER,
        "followMode AudioFollowsVideo → AudioMixing; RV02 volumeRate 0.8 → 1.0",
    ),
    "delay-and-channel": (
        layers_with(0, fixedDelayDuration=300, validChannel="all"),
        "RV01 validChannel All → LeftChannel; RV01 fixedDelayMilliseconds 300 → 0",
    ),
}


def test_any_field_that_drifts_is_set_right_again_and_an_event_says_which(
    declared: Stage,
) -> None:
    for name in DRIFTS:
        declared.objects.create(name, **DECLARED)
    for name in DRIFTS:
        declared.objects.until_applied(name)

    for name, (audio, _) in DRIFTS.items():
        drift(declared, name, audio)

    for name, (_, told) in DRIFTS.items():
        shown = declared.objects.until(name, "DriftCorrected")
        events = eventually(partial(corrections, declared, name))
        assert audio_of(declared.live, name) == AUDIO
        assert told in said_of(shown)
        assert [event.note for event in events] == [said_of(shown)]
        assert set(conditions_of(shown["status"])) == {"Ready"}


def corrections(stage: Stage, name: str) -> list[Any]:
    return [each for each in stage.objects.events(name) if each.reason == "DriftCorrected"]


def test_reported_drift_is_listed_and_left_as_it_is(declared: Stage) -> None:
    for name in DRIFTS:
        declared.objects.create(name, drift="Report", **DECLARED)
    for name in DRIFTS:
        declared.objects.until_applied(name)

    for name, (audio, _) in DRIFTS.items():
        drift(declared, name, audio)

    for name, (audio, told) in DRIFTS.items():
        shown = declared.objects.until(name, "Drifted")
        assert said_of(shown, "Drifted") == told
        assert set(conditions_of(shown["status"])) == {"Ready", "Stalled", "Drifted"}
        assert audio_of(declared.live, name) == AUDIO | audio
        assert len(declared.live.calls(scene_of(name))) == 1


def test_reported_drift_that_goes_is_told_no_longer(declared: Stage) -> None:
    declared.objects.create("show", drift="Report", **DECLARED)
    declared.objects.until_applied("show")
    drift(declared, "show", FOLLOWS)
    declared.objects.until("show", "Drifted")

    drift(declared, "show", AUDIO)

    shown = declared.objects.until("show", "InSync")
    assert set(conditions_of(shown["status"])) == {"Ready"}
    assert "observed" not in shown["status"]
    assert len(declared.live.calls(scene_of("show"))) == 1


def test_ignored_drift_is_not_looked_for(declared: Stage) -> None:
    declared.objects.create("ignored", drift="Ignore", **DECLARED)
    declared.objects.create("corrected", **DECLARED)
    declared.objects.until_applied("ignored")
    declared.objects.until_applied("corrected")

    drift(declared, "ignored", FOLLOWS)
    until_read(declared.live, "corrected", times=3)

    assert audio_of(declared.live, "ignored") == AUDIO | FOLLOWS
    assert declared.live.calls(scene_of("ignored"), action=DESCRIBE_AUDIO) == []
    assert len(declared.live.calls(scene_of("ignored"))) == 1


def test_whatever_is_changed_the_studio_is_as_declared_again(declared: Stage) -> None:
    declared.objects.create("show", **DECLARED)
    declared.objects.until_applied("show")

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(audio=audios())
    def check(audio: Body) -> None:
        drift(declared, "show", audio)

        eventually(lambda: audio_of(declared.live, "show") == AUDIO)

    check()


@st.composite
def audios(draw: st.DrawFn) -> Body:
    """Any audio that a scene can have."""
    locations = draw(st.lists(st.sampled_from(["RV01", "RV02", "RV03"]), unique=True))
    layers = [
        {
            "locationId": location,
            "volumeRate": draw(st.sampled_from([0, 0.9, 1, 10]) | st.floats(0, 10, width=32)),
            "validChannel": draw(st.sampled_from(["all", "leftChannel", "rightChannel"])),
            "fixedDelayDuration": draw(st.integers(0, 5000)),
        }
        for location in locations
    ]
    return {"followEnable": draw(st.integers(0, 1)), "layers": layers}


def test_another_writer_that_goes_on_is_named_and_not_fought_for_ever(declared: Stage) -> None:
    declared.objects.create("show", **DECLARED)
    declared.objects.until_applied("show")

    def drift_again() -> bool:
        if audio_of(declared.live, "show") == AUDIO:
            drift(declared, "show", FOLLOWS)
        body = declared.objects.read("show")
        return body is not None and "DriftContended" in f"{body['status']}"

    eventually(drift_again)

    shown = declared.objects.until("show", "DriftContended")
    assert {"Reconciling", "Drifted"} < set(conditions_of(shown["status"]))
    assert "Another writer" in said_of(shown)
    assert len(declared.live.calls(scene_of("show"))) == 4


def test_the_services_own_spelling_of_what_was_sent_is_no_drift(declared: Stage) -> None:
    volumes = [0.9, 0.1, 1 / 3, 2, 10, 0]
    layers = [
        {
            "locationId": f"RV{number}",
            "volumeRate": volume,
            "validChannel": ["LeftChannel", "RightChannel", "All"][number % 3],
        }
        for number, volume in enumerate(volumes)
    ]
    declared.objects.create("new", layers=layers)
    declared.objects.until_applied("new")
    until_read(declared.live, "new")

    declared.live.turn(longChannels=True, wholeVolumes=True)
    until_read(declared.live, "new", times=3)

    body = declared.objects.read("new")
    assert body is not None
    assert len(declared.live.calls(scene_of("new"))) == 1
    assert written(declared, "new") == FIRST_WRITE


def test_a_volume_told_as_a_32_bit_float_is_no_drift(declared: Stage) -> None:
    declared.objects.create("show", layers=[{"locationId": "RV01", "volumeRate": 0.9}])
    declared.objects.until_applied("show")
    told = (
        '{"RequestId": "R", "FollowEnable": 0, "MixList": {"LocationId": ["RV01"]}, '
        '"AudioLayers": {"AudioLayer": [{"VolumeRate": 0.8999999761581421, '
        '"ValidChannel": "all", "FixedDelayDuration": 0}]}}'
    )
    declared.live.fail(
        scene_of("show"), action=DESCRIBE_AUDIO, kind="body", status=200, body=told, times=None
    )

    until_read(declared.live, "show", times=3)

    assert len(declared.live.calls(scene_of("show"))) == 1
    assert written(declared, "show") == FIRST_WRITE


def test_while_nothing_drifts_nothing_is_written_and_reads_are_spread(declared: Stage) -> None:
    names = [f"show-{number}" for number in range(20)]
    for name in names:
        declared.objects.create(name, interval="2s", **DECLARED)
    for name in names:
        declared.objects.until_applied(name)
    told = (FIRST_WRITE + 1) * len(names)  # and an Event each, which comes after its status
    eventually(lambda: len(declared.operator_writes()) >= told)

    until_read(declared.live, names[-1], times=2)

    reads = declared.live.calls(action=DESCRIBE_AUDIO)
    assert len(declared.operator_writes()) == told
    assert all(call["code"] == "OK" for call in reads)
    assert len(declared.live.calls()) == len(names)
    assert declared.live.tally()["mostInOneSecond"][DESCRIBE_AUDIO] <= 15
