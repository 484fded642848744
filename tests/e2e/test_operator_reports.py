"""Events and log lines: the same words as in the conditions, and no more of them than needed."""

from collections import Counter
from datetime import datetime

import pytest

from tests.support.cluster.scene_audios import SceneAudios, conditions_of, scene_of
from tests.support.running.emulator_thread import LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane


def test_an_event_says_what_the_condition_says_of_the_same_object(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("show"), code="InvalidParameter.Malformed")

    created = objects.create("show")
    condition = conditions_of(objects.until("show", "InvalidSpec")["status"])["Ready"]
    [event] = eventually(lambda: objects.events("show"))

    assert (event.reason, event.type) == (condition["reason"], "Warning")
    assert event.note == condition["message"].partition(" RequestId ")[0]
    assert event.regarding.kind == "CasterSceneAudio"
    assert event.regarding.uid == created["metadata"]["uid"]
    assert event.reporting_controller == "live.alibabacloud.com/caster-scene-audio-operator"


def test_a_success_is_a_normal_event(
    objects: SceneAudios, running_operator: OperatorProcess
) -> None:
    objects.create("show")
    objects.until_applied("show")

    [event] = eventually(lambda: objects.events("show"))
    assert (event.reason, event.type) == ("Applied", "Normal")


def test_what_alternates_is_counted_up_and_not_repeated(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("show", followMode="AudioMixing")
    objects.until_applied("show")

    for _ in range(2):
        live.fail(scene_of("show"), code="InvalidParameter.Malformed")
        objects.change("show", followMode="AudioFollowsVideo")
        objects.until("show", "InvalidSpec")
        objects.change("show", followMode="AudioMixing")
        objects.until_applied("show")

    told = eventually(lambda: counted(objects, total=5))
    assert told == {"Applied": 3, "InvalidSpec": 2}
    assert len(objects.events("show")) == 3  # the first one said what changed in the scene


def counted(objects: SceneAudios, *, total: int) -> dict[str, int] | None:
    """How often each reason was told, once all were."""
    told: Counter[str] = Counter()
    for event in objects.events("show"):
        told[event.reason] += event.series.count if event.series else 1
    return dict(told) if told.total() >= total else None


def test_a_log_line_is_json_and_tells_object_generation_reason_and_request(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("show"), code="InternalError")

    objects.create("show")
    objects.until_applied("show")

    told = [line for line in running_operator.log_lines if "object" in line]
    failed, applied = live.calls()
    facts = ("message", "level", "object", "generation", "reason", "requestId")
    show = f"{objects.namespace}/show"
    assert [tuple(line[fact] for fact in facts) for line in told] == [
        ("Scene audio not applied", "warning", show, 1, "ServiceUnavailable", failed["requestId"]),
        ("Scene audio applied", "info", show, 1, "Applied", applied["requestId"]),
    ]
    assert all(datetime.fromisoformat(line["time"]) for line in told)
    assert (told[0]["code"], told[0]["attempts"]) == ("InternalError", 1)
