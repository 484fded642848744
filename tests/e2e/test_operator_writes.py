"""What the operator writes to the API server, counted in the server's own audit log."""

import pytest

from tests.support.cluster.audit_log import Write
from tests.support.cluster.scene_audios import LATER, scene_of
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane


def status_of(name: str) -> tuple[str, str, str]:
    return ("patch", "castersceneaudios/status", name)


def event_of(name: str) -> tuple[str, str, str]:
    return ("create", "events", name)


def told(write: Write) -> tuple[str, str, str]:
    """An Event by the name of its object, which its own name begins with."""
    return (write.verb, write.what, write.name.partition(".")[0])


def writes(stage: Stage, expected: int) -> list[tuple[str, str, str]]:
    """All for the test's own object, once there are as many; the log may be a moment behind."""
    eventually(lambda: len(written(stage)) >= expected)
    return written(stage)


def written(stage: Stage) -> list[tuple[str, str, str]]:
    writes = [told(write) for write in stage.operator_writes()]
    return [write for write in writes if write[2] != LATER]


FIRST = [status_of("show"), status_of("show"), event_of("show")]
"""What a first write will replace is put on record; then a success is a status and an Event."""


def test_a_success_is_one_status_and_one_event(
    stage: Stage, running_operator: OperatorProcess
) -> None:
    stage.objects.create("show")
    stage.objects.until_applied("show")
    first = writes(stage, 3)

    stage.objects.change("show", followMode="AudioFollowsVideo")
    stage.objects.until_applied("show")
    stage.objects.settle()

    assert first == FIRST
    assert writes(stage, 5) == [*first, status_of("show"), event_of("show")]


def test_a_change_of_labels_and_a_restart_write_nothing(
    stage: Stage, running_operator: OperatorProcess
) -> None:
    stage.objects.create("show")
    stage.objects.until_applied("show")
    before = writes(stage, 3)

    stage.objects.patch("show", {"metadata": {"labels": {"season": "2"}}})
    stage.objects.patch("show", {"metadata": {"annotations": {"example.com/seen": "yes"}}})
    running_operator.stop()
    running_operator.start()
    stage.objects.settle()

    assert writes(stage, 3) == before
    assert len(stage.live.calls(scene_of("show"))) == 1


def test_a_failure_and_the_success_after_it_are_a_status_and_an_event_each(
    stage: Stage, running_operator: OperatorProcess
) -> None:
    stage.live.fail(scene_of("show"), code="InternalError")

    stage.objects.create("show")
    stage.objects.until_applied("show")

    assert writes(stage, 5) == [status_of("show"), *2 * [status_of("show"), event_of("show")]]


def test_being_throttled_again_and_again_is_written_once(
    stage: Stage, running_operator: OperatorProcess
) -> None:
    stage.live.fail(scene_of("show"), code="Throttling.User", retryAfterMs=100, times=3)

    stage.objects.create("show")
    stage.objects.until_applied("show")

    assert len(stage.live.calls()) == 4
    assert writes(stage, 5) == [status_of("show"), *2 * [status_of("show"), event_of("show")]]
