"""A scene that is adopted: what it has is left, or put on record before it is written over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import DESCRIBE_AUDIO
from tests.support.cluster.scene_audios import Body, reason_of, scene_of
from tests.support.cluster.status_policy import statuses_refused
from tests.support.running.declared import AUDIO, DECLARED, EACH_SECOND, said_of, until_read
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

FILTERED = {"enableAgc": 1, "enableAns": 1}
WITH_FILTERS: Body = {
    "followEnable": 0,
    "layers": [{"locationId": "RV01", "volumeRate": 1.2, "filter": FILTERED}],
}
"""As somebody set it in the console."""

SAYS_THE_SAME: Body = {
    "followMode": "AudioMixing",
    "layers": [{"locationId": "RV01", "volumeRate": 1.2}],
}
FILTERS_GONE = "Filters were sent that could not be read before: RV01 off."
CONSOLE: Body = {"followEnable": 1, "layers": [{"locationId": "RV03", "volumeRate": 0.5}]}
HAD: Body = {
    "followMode": "AudioFollowsVideo",
    "layers": [
        {
            "locationId": "RV03",
            "volumeRate": 0.5,
            "validChannel": "All",
            "fixedDelayMilliseconds": 0,
        }
    ],
}
"""CONSOLE, as a spec would say it."""

UNREADABLE: dict[str, Body] = {
    "throttled": {"code": "Throttling.User", "status": 400},
    "refused": {"code": "NoPermission", "status": 403},
    "odd": {"code": "Odd.Request", "status": 400},
}
FAILURE = {"attempts", "lastError", "nextRetryTime"}


def filter_of(stage: Stage, name: str) -> dict[str, int]:
    """What is on in the scene's first layer."""
    found: dict[str, int] = stage.live.scene(scene_of(name))["audio"]["layers"][0]["filter"]
    return {switch: value for switch, value in found.items() if value}


def test_a_scene_that_reads_as_declared_is_not_written_and_keeps_its_filters(stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), audio=WITH_FILTERS)
    stage.operator.start()

    stage.objects.create("show", **SAYS_THE_SAME)
    shown = stage.objects.until("show", "InSync")

    assert stage.live.calls(scene_of("show")) == []
    assert len(stage.live.calls(scene_of("show"), action=DESCRIBE_AUDIO)) == 1
    assert filter_of(stage, "show") == FILTERED
    assert "applied" not in shown["status"]
    assert shown["status"]["replaced"]["layers"][0]["locationId"] == "RV01"


def test_the_first_write_after_an_adoption_says_which_filters_are_now_what(stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), audio=WITH_FILTERS)
    stage.objects.create("show", **SAYS_THE_SAME)
    stage.operator.start()
    stage.objects.until("show", "InSync")

    stage.objects.change("show", layers=[{"locationId": "RV01", "volumeRate": 1.3}])
    shown = stage.objects.until_applied("show")
    (event,) = eventually(lambda: applied_events(stage))
    stage.objects.change("show", layers=[{"locationId": "RV01", "volumeRate": 1.4}])
    later = eventually(lambda: applied_events(stage)[1:])

    assert FILTERS_GONE in said_of(shown)
    assert FILTERS_GONE in event.note
    assert "RV01 volumeRate 1.2 → 1.3" in event.note
    assert "Filters" not in later[0].note
    assert filter_of(stage, "show") == {}
    assert shown["status"]["replaced"]["layers"][0]["volumeRate"] == pytest.approx(1.2)


def applied_events(stage: Stage) -> list[Any]:
    return [each for each in stage.objects.events("show") if each.reason == "Applied"]


def test_a_restart_while_an_adopted_scene_cannot_be_read_writes_nothing(
    stage: Stage,
) -> None:
    stage.live.put_scene(scene_of("show"), audio=WITH_FILTERS)
    stage.operator.flags = (*EACH_SECOND, "--backoff=access=1")
    stage.operator.start()
    stage.objects.create("show", drift="Report", **SAYS_THE_SAME)
    stage.objects.until("show", "InSync")
    stage.live.fail(scene_of("show"), action=DESCRIBE_AUDIO, times=None, **UNREADABLE["refused"])
    stage.objects.until("show", "AccessDenied")

    stage.operator.kill()
    stage.live.patch_scene(scene_of("show"), audio={"followEnable": 1})
    stage.operator.start()
    until_read(stage.live, "show", times=2)
    stage.live.clear_faults()
    stage.objects.until("show", "Drifted")

    assert stage.live.calls(scene_of("show")) == []
    assert filter_of(stage, "show") == FILTERED


def test_fifty_scenes_are_adopted_with_fifty_readings_and_no_update(stage: Stage) -> None:
    names = [f"show-{number}" for number in range(50)]
    for name in names:
        stage.live.put_scene(scene_of(name), audio=AUDIO)
    stage.objects.create_all(names, **DECLARED)

    stage.operator.start()
    eventually(lambda: set(stage.objects.reasons().values()) == {"InSync"})

    assert len(stage.live.calls(action=DESCRIBE_AUDIO)) == len(names)
    assert stage.live.calls() == []


def test_a_first_reading_that_succeeds_at_last_leaves_no_error_behind(stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), audio=CONSOLE)
    stage.live.fail(scene_of("show"), action=DESCRIBE_AUDIO, code="InternalError", status=500)
    created = stage.objects.create("show", **DECLARED)

    stage.operator.start()
    stage.objects.until_applied("show")

    told = [body["status"] for body in stage.objects.history(created)]
    assert [reason_of(status) for status in told] == [
        None,
        "ServiceUnavailable",
        "Queued",
        "Applied",
    ]
    assert [sorted(FAILURE & status.keys()) for status in told] == [[], sorted(FAILURE), [], []]


def test_nothing_is_written_before_what_the_scene_had_is_on_record(stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), audio=CONSOLE)
    stage.objects.create("show", **DECLARED)

    with statuses_refused(stage.plane, stage.objects, "show"):
        stage.operator.start()
        eventually(lambda: stage.operator.has_said("Status not written; it is tried again"))
        called = stage.live.calls(scene_of("show"))
        stage.operator.kill()
    stage.operator.start()
    shown = stage.objects.until_applied("show")

    assert called == []
    assert shown["status"]["replaced"] == HAD


def test_a_crash_after_the_first_write_does_not_make_it_what_the_scene_had(stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), audio=CONSOLE)
    stage.objects.create("show", layers=[{"locationId": "RV01", "filter": {}}])
    is_applied = "has(object.status) && has(object.status.applied)"

    with statuses_refused(stage.plane, stage.objects, "show", where=is_applied):
        stage.operator.start()
        eventually(lambda: stage.operator.has_said("Status not written; it is tried again"))
        updates = len(stage.live.calls(scene_of("show")))
        stage.operator.kill()
    stage.operator.start()
    shown = stage.objects.until_applied("show")

    assert updates == 1
    assert len(stage.live.calls(scene_of("show"))) == 2
    assert shown["status"]["replaced"] == HAD


@pytest.fixture
def unreadable(crds: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    """Scenes whose readings fail for ever, each of an account of its own."""
    with set_stage(crds, tmp_path) as stage:
        for name, fault in UNREADABLE.items():
            stage.live.put_key(name, secret=f"the-secret-of-{name}", account=name)
            stage.secrets.create(name, name, f"the-secret-of-{name}")
            stage.live.put_scene(scene_of(name), audio=CONSOLE)
            stage.live.fail(scene_of(name), action=DESCRIBE_AUDIO, times=None, **fault)
        yield stage


def test_readings_that_fail_for_ever_hold_the_first_write_up_for_a_while_only(
    unreadable: Stage,
) -> None:
    for name in UNREADABLE:
        ref = {"name": name}
        unreadable.objects.create(name, credentialsSecretRef=ref, **DECLARED)
    unreadable.operator.start()

    for name in UNREADABLE:
        shown = unreadable.objects.until_applied(name)

        assert "replaced" not in shown["status"]
        assert len(unreadable.live.calls(scene_of(name))) == 1
