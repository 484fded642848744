"""A write is due because state says so: never because a call failed, or something is said again."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import DESCRIBE_AUDIO
from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.declared import (
    AUDIO,
    DECLARED,
    EACH_SECOND,
    audio_of,
    said_of,
    until_read,
)
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

IN_HASTE = ("--backoff", "transient=0.1:0.3", "access=1")
OUTAGE: Body = {"code": "ServiceUnavailable", "status": 503, "times": 6}
REFUSAL: Body = {"code": "NoPermission", "status": 403, "times": 1}
FOLLOWS = {"followEnable": 1}
LAYER = {"locationId": "RV01"}


@pytest.fixture
def hasty(crds: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    """The operator serves, reads each scene back once a second, and retries soon."""
    with set_stage(crds, tmp_path) as stage:
        stage.operator.flags = (*EACH_SECOND, *IN_HASTE)
        stage.operator.start()
        yield stage


def drifted(stage: Stage, name: str) -> None:
    """An object whose drift is only reported, and a scene that was changed in the console."""
    stage.objects.create(name, drift="Report", interval="2s", **DECLARED)
    stage.objects.until_applied(name)
    stage.live.patch_scene(scene_of(name), audio=FOLLOWS)
    stage.objects.until(name, "Drifted")


def is_as_the_console_left_it(stage: Stage, name: str) -> bool:
    """Its values are there, and the only update is the one before."""
    updates = stage.live.calls(scene_of(name))
    return audio_of(stage.live, name) == AUDIO | FOLLOWS and len(updates) == 1


def reads(stage: Stage, name: str) -> list[str]:
    """How the readings of the scene ended, oldest first."""
    return [call["code"] for call in stage.live.calls(scene_of(name), action=DESCRIBE_AUDIO)]


def test_readings_that_fail_leave_a_reported_drift_to_the_person_who_reads_of_it(
    hasty: Stage,
) -> None:
    faults = {"ServiceUnavailable": OUTAGE, "AccessDenied": REFUSAL}
    names = {reason: reason.lower() for reason in faults}
    for name in names.values():
        drifted(hasty, name)

    for reason, fault in faults.items():
        hasty.live.fail(scene_of(names[reason]), action=DESCRIBE_AUDIO, **fault)
    for reason in faults:
        eventually(partial(was_told, hasty, names[reason], reason))

    for reason, fault in faults.items():
        shown = hasty.objects.until(names[reason], "Drifted")
        assert reads(hasty, names[reason]).count(fault["code"]) == fault["times"]
        assert said_of(shown, "Drifted") == "followMode AudioFollowsVideo → AudioMixing"
        assert "lastError" not in shown["status"]
        assert is_as_the_console_left_it(hasty, names[reason])


def was_told(stage: Stage, name: str, reason: str) -> bool:
    """In an Event, however short it lasted."""
    return reason in {event.reason for event in stage.objects.events(name)}


def test_a_restart_while_readings_fail_goes_on_reading(hasty: Stage) -> None:
    drifted(hasty, "show")
    hasty.live.fail(scene_of("show"), action=DESCRIBE_AUDIO, **REFUSAL | {"times": None})
    told = hasty.objects.until("show", "AccessDenied")

    hasty.operator.kill()
    hasty.live.clear_faults()
    hasty.operator.start()
    hasty.objects.until("show", "Drifted")

    assert told["status"]["lastError"]["action"] == DESCRIBE_AUDIO
    assert is_as_the_console_left_it(hasty, "show")


@pytest.mark.parametrize("fault", [None, REFUSAL | {"times": None}], ids=["drifted", "not-read"])
def test_another_interval_alone_writes_nothing_over_a_reported_drift(
    hasty: Stage, fault: Body | None
) -> None:
    drifted(hasty, "show")
    if fault:
        hasty.live.fail(scene_of("show"), action=DESCRIBE_AUDIO, **fault)
        hasty.objects.until("show", "AccessDenied")

    hasty.objects.change("show", interval="1s")
    hasty.objects.until("show", "AccessDenied" if fault else "Drifted")

    assert is_as_the_console_left_it(hasty, "show")


def test_edits_that_change_nothing_that_is_sent_are_acknowledged_without_a_call(
    stage: Stage,
) -> None:
    stage.objects.create("show", layers=[LAYER | {"volumeRate": 1}])
    stage.operator.start()
    stage.objects.until_applied("show")
    stage.live.forget_calls()
    edits: list[Body] = [
        {"interval": "15m"},
        {"drift": "Correct"},
        {"onAir": "Apply"},
        {"layers": [LAYER | {"volumeRate": 1.0}]},
        {"suspend": False},
    ]

    for edit in edits:
        stage.objects.change("show", **edit)
        shown = stage.objects.until_applied("show")

    assert shown["metadata"]["generation"] >= len(edits)
    assert conditions_of(shown["status"])["Ready"]["status"] == "True"
    assert stage.live.calls(action=None) == []


def test_a_spec_that_is_put_again_is_not_sent_again(stage: Stage) -> None:
    spec: Body = {"layers": [LAYER | {"volumeRate": 1.0}]}
    stage.objects.create("show", **spec)
    stage.operator.start()
    first = stage.objects.until_applied("show")

    for _ in range(5):
        stage.objects.replace("show", **spec)
        last = stage.objects.until_applied("show")

    assert last["metadata"]["generation"] == first["metadata"]["generation"] + 5
    assert last["status"]["requestId"] == first["status"]["requestId"]
    assert len(stage.live.calls(scene_of("show"))) == 1


def test_what_an_answer_leaves_out_is_no_drift(hasty: Stage) -> None:
    layer = LAYER | {"volumeRate": 0, "validChannel": "RightChannel", "fixedDelayMilliseconds": 9}
    untold = ("VolumeRate", "ValidChannel", "FixedDelayDuration")
    names = {member: member.lower() for member in untold}
    for member, name in names.items():
        hasty.live.put_scene(scene_of(name), untold=[member])
        hasty.objects.create(name, layers=[layer])

    for name in names.values():
        hasty.objects.until_applied(name)
    for name in names.values():
        until_read(hasty.live, name, times=3)

    for name in names.values():
        shown = hasty.objects.until_applied(name)
        assert "Drifted" not in conditions_of(shown["status"])
        assert len(hasty.live.calls(scene_of(name))) == 1
