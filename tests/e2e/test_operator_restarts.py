"""Whatever way the operator ends, the next one knows what is done and does what is not."""

from collections import Counter

import pytest

from tests.support.cluster.scene_audios import SceneAudios, scene_of
from tests.support.running.emulator_thread import LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane


def test_a_stop_and_a_start_are_no_call_and_no_write_for_what_is_done(
    stage: Stage, running_operator: OperatorProcess
) -> None:
    for name in ("one", "two", "three"):
        stage.objects.create(name)
    for name in ("one", "two", "three"):
        stage.objects.until_applied(name)

    exit_code = running_operator.stop()
    before = statuses_written(stage)
    running_operator.start()
    stage.objects.settle()

    called = Counter(call["parameters"]["SceneId"] for call in stage.live.calls())
    after = statuses_written(stage)
    assert exit_code == 0
    assert [called[scene_of(name)] for name in ("one", "two", "three")] == [1, 1, 1]
    assert {name: after[name] for name in before} == before == {"one": 2, "two": 2, "three": 2}


def statuses_written(stage: Stage) -> Counter[str]:
    """By the object's name; each has one that puts on record what is replaced, and a success."""
    return Counter(
        write.name for write in stage.operator_writes() if write.what == "castersceneaudios/status"
    )


def test_what_changed_while_no_operator_ran_is_applied_after_the_start(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("show")
    objects.until_applied("show")
    running_operator.stop()

    objects.change("show", followMode="AudioFollowsVideo")
    running_operator.start()
    objects.until_applied("show")

    assert [call["parameters"]["FollowEnable"] for call in live.calls()] == ["0", "1"]


def test_a_call_in_flight_at_a_stop_ends_and_is_reported_first(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("show"), kind="hang", delaySeconds=1.5)
    objects.create("show")
    call = live.call_in_flight(scene_of("show"))

    running_operator.ask_to_stop()
    eventually(lambda: running_operator.has_said("Stopping: calls in flight are awaited"))
    objects.create("later")
    exit_code = running_operator.ended()

    shown = objects.read("show")
    assert exit_code == 0
    assert shown is not None
    assert shown["status"]["requestId"] == call["requestId"]
    assert [each["requestId"] for each in live.calls()] == [call["requestId"]]


def test_a_call_in_flight_at_a_crash_is_made_again_at_most_once(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("done")
    objects.until_applied("done")
    live.fail(scene_of("show"), kind="hang", delaySeconds=None)
    objects.create("show")
    live.call_in_flight(scene_of("show"))

    running_operator.kill()
    running_operator.start()
    shown = objects.until_applied("show")

    calls = live.calls(scene_of("show"))
    assert len(calls) <= 2
    assert shown["status"]["requestId"] == calls[-1]["requestId"]
    assert len(live.calls(scene_of("done"))) == 1
