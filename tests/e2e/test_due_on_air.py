"""Under `onAir: Wait` nothing is written while the scene is on air, whenever it goes there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import DESCRIBE_SCENES
from tests.support.cluster.scene_audios import conditions_of, scene_of
from tests.support.running.declared import AUDIO, DECLARED, EACH_SECOND, audio_of, declared
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

__all__ = ["declared"]

pytestmark = pytest.mark.control_plane

ON_AIR, PREVIEW = "1", "0"
RESTS_MS = 4000
FOLLOWS = {"followEnable": 1}


@pytest.fixture
def waiting_by_default(crds: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    """The operator serves, and where an object doesn't say, nothing is written on air."""
    with set_stage(crds, tmp_path) as stage:
        stage.operator.flags = (*EACH_SECOND, "--on-air=Wait")
        stage.operator.start()
        yield stage


def put_on(stage: Stage, name: str, output_type: str) -> None:
    """A take, or the end of one, behind everybody's back."""
    stage.live.patch_scene(scene_of(name), outputType=output_type)


def test_a_scene_that_goes_on_air_while_its_write_waits_for_the_quota_is_not_written(
    declared: Stage,
) -> None:
    declared.live.put_scene(scene_of("show"), outputType=PREVIEW)
    declared.live.fail(scene_of("show"), action=DESCRIBE_SCENES, kind="hang", delaySeconds=None)
    declared.live.fail(scene_of("other"), code="Throttling.User", status=400, retryAfterMs=RESTS_MS)

    declared.objects.create("show", onAir="Wait", **DECLARED)
    declared.live.call_in_flight(scene_of("show"), action=DESCRIBE_SCENES)
    declared.objects.create("other", drift="Ignore", **DECLARED)
    declared.objects.until("other", "Throttled")
    declared.live.clear_faults()
    eventually(lambda: was_asked(declared, "show"))
    put_on(declared, "show", ON_AIR)
    declared.objects.until("show", "OnAir")
    declared.objects.until_applied("other")
    called = declared.live.calls(scene_of("show"))
    put_on(declared, "show", PREVIEW)
    declared.objects.until_applied("show")

    assert called == []
    assert audio_of(declared.live, "show") == AUDIO


def was_asked(stage: Stage, name: str) -> bool:
    """Whether the first look at the air has its answer."""
    asked = stage.live.calls(scene_of(name), action=DESCRIBE_SCENES)
    return bool(asked) and asked[0]["finishedMonotonic"] is not None


def test_a_correction_of_drift_waits_for_the_end_of_the_show_and_is_measured_anew(
    waiting_by_default: Stage,
) -> None:
    stage = waiting_by_default
    names = ("stays", "undone")
    for name in names:
        stage.live.put_scene(scene_of(name), outputType=PREVIEW)
        stage.objects.create(name, **DECLARED)
    for name in names:
        stage.objects.until_applied(name)
        put_on(stage, name, ON_AIR)
        stage.live.patch_scene(scene_of(name), audio=FOLLOWS)
    waiting = [stage.objects.until(name, "OnAir") for name in names]
    on_air = [audio_of(stage.live, name) for name in names]

    stage.live.patch_scene(scene_of("undone"), audio=AUDIO)
    for name in names:
        put_on(stage, name, PREVIEW)
    stage.objects.until("stays", "DriftCorrected")
    stage.objects.until("undone", "InSync")

    assert [set(conditions_of(each["status"])) for each in waiting] == [
        {"Ready", "Reconciling"}
    ] * 2
    assert on_air == [AUDIO | FOLLOWS] * 2
    assert [audio_of(stage.live, name) for name in names] == [AUDIO] * 2
    assert len(stage.live.calls(scene_of("undone"))) == 1


def test_the_operators_setting_holds_for_objects_that_do_not_say(
    waiting_by_default: Stage,
) -> None:
    stage = waiting_by_default
    for name in ("silent", "saying"):
        stage.live.put_scene(scene_of(name), outputType=ON_AIR)

    stage.objects.create("silent", **DECLARED)
    stage.objects.create("saying", onAir="Apply", **DECLARED)
    stage.objects.until_applied("saying")
    stage.objects.until("silent", "OnAir")

    assert stage.live.calls(scene_of("silent")) == []
    assert stage.live.calls(scene_of("saying"), action=DESCRIBE_SCENES) == []
