"""A deleted object is gone at once, and nothing is called for it any more."""

import json

import pytest

from tests.support.cluster.scene_audios import Body, SceneAudios, manifest, scene_of
from tests.support.running.emulator_thread import LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage

pytestmark = pytest.mark.control_plane

HOLD = {"finalizers": ["example.com/hold"]}
RESTS_MS = 5000
"""So long that a deletion comes before the retry."""

EVENTS_AHEAD = 200
"""So many that an answer, which comes at the same time, is read before the last of them."""


def test_a_deleted_object_is_gone_at_once_and_the_studio_stays_as_it_is(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("show", followMode="AudioMixing")
    objects.until_applied("show")

    objects.delete("show")
    left = objects.read("show")

    objects.settle()
    assert left is None
    assert len(live.calls(scene_of("show"))) == 1
    assert live.scene(scene_of("show"))["audio"]["followEnable"] == 0


def test_an_object_that_is_deleted_while_it_is_retried_gets_no_more_calls(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("show"), code="Throttling.User", retryAfterMs=RESTS_MS, times=None)
    objects.create("show")
    objects.until("show", "Throttled")

    objects.delete("show")
    left = objects.read("show")

    objects.settle()
    assert left is None
    assert len(live.calls(scene_of("show"))) == 1


def test_an_object_that_is_deleted_before_its_call_fails_gets_no_more_calls(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("show"), code="Throttling.User", retryAfterMs=300, delaySeconds=None)
    objects.create("show")
    live.call_in_flight(scene_of("show"))

    objects.delete("show")
    left = objects.read("show")

    live.clear_faults()
    live.call_finished(scene_of("show"))
    objects.settle()
    assert left is None
    assert len(live.calls(scene_of("show"))) == 1


def test_an_object_that_a_foreign_finalizer_holds_gets_no_more_calls(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("show", metadata=HOLD)
    objects.until_applied("show")

    objects.delete("show")
    objects.change("show", followMode="AudioFollowsVideo")

    objects.settle()
    held = objects.read("show")
    objects.patch("show", {"metadata": {"finalizers": None}})
    assert held is not None
    assert "deletionTimestamp" in held["metadata"]
    assert len(live.calls(scene_of("show"))) == 1


def test_an_object_that_was_already_being_deleted_at_the_start_gets_no_call(
    objects: SceneAudios, live: LiveService, operator: OperatorProcess
) -> None:
    objects.create("show", metadata=HOLD)
    objects.delete("show")

    operator.start()
    objects.settle()

    objects.patch("show", {"metadata": {"finalizers": None}})
    assert live.calls(scene_of("show")) == []


def test_an_object_that_was_deleted_while_no_operator_ran_gets_no_call(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("show"), code="InternalError", times=None)
    objects.create("show")
    objects.until("show", "ServiceUnavailable")
    running_operator.stop()
    calls_before = len(live.calls())

    objects.delete("show")
    running_operator.start()
    objects.settle()

    assert len(live.calls(scene_of("show"))) == calls_before


def test_a_namesake_made_while_the_call_hangs_is_not_taken_for_applied(
    stage: Stage, running_operator: OperatorProcess
) -> None:
    stage.live.fail(scene_of("show"), kind="hang", delaySeconds=None)
    stage.objects.create("show")
    stage.live.call_in_flight(scene_of("show"))

    made = replaced_by_force(stage)
    stage.live.clear_faults()
    stage.objects.until_applied("show")

    check_own_call_reported(stage, made)


def test_a_namesake_that_the_watch_shows_late_is_not_taken_for_applied(
    stage: Stage, running_operator: OperatorProcess
) -> None:
    stage.objects.create("busy")
    stage.objects.until_applied("busy")
    stage.live.fail(scene_of("show"), kind="hang", delaySeconds=None)
    stage.objects.create("show")
    stage.live.call_in_flight(scene_of("show"))

    with running_operator.paused():
        for number in range(EVENTS_AHEAD):
            stage.objects.patch("busy", {"metadata": {"labels": {"number": f"{number}"}}})
        made = replaced_by_force(stage)
        stage.live.clear_faults()
        stage.live.call_finished(scene_of("show"))
    stage.objects.until_applied("show")
    stage.objects.settle()

    check_own_call_reported(stage, made)


def replaced_by_force(stage: Stage) -> Body:
    """The new object: deleted and made again under the same name, as a user would."""
    namesake = json.dumps(manifest("show", followMode="AudioFollowsVideo"))
    stage.plane.kubectl("replace", "--force", "-n", stage.namespace, "-f", "-", stdin=namesake)
    made = stage.objects.read("show")
    assert made is not None
    return made


def check_own_call_reported(stage: Stage, made: Body) -> None:
    """And nothing of the call for the object that was there before."""
    first, second = stage.live.calls(scene_of("show"))
    told = [status["requestId"] for status in stage.objects.statuses(made)]
    assert told == [second["requestId"]] != [first["requestId"]]
    assert second["parameters"]["FollowEnable"] == "1"
    assert second["overlapping"] == 0
