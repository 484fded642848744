"""A call that failed is made again in its time, and the object says meanwhile how it stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.cluster.scene_audios import Body, SceneAudios, conditions_of, reason_of, scene_of
from tests.support.running.emulator_thread import LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

A_SECOND = timedelta(seconds=1)
"""The API server's times are whole seconds."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def whole_seconds(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def failures(statuses: list[Body], reason: str) -> list[Body]:
    return [status for status in statuses if reason_of(status) == reason]


def check_two_failures_then_success(statuses: list[Body], *, reason: str, first_cap_s: int) -> None:
    first, second = failures(statuses, reason)
    last = statuses[-1]
    for status, cap_s in ((first, first_cap_s), (second, 2 * first_cap_s)):
        assert set(conditions_of(status)) == {"Ready", "Reconciling"}
        assert conditions_of(status)["Ready"]["status"] == "False"
        assert conditions_of(status)["Reconciling"]["status"] == "True"
        assert conditions_of(status)["Reconciling"]["reason"] == reason
        failed_at = moment(status["lastError"]["time"])
        assert (
            failed_at
            <= moment(status["nextRetryTime"])
            <= failed_at + timedelta(seconds=cap_s) + A_SECOND
        )
    assert [status.get("attempts") for status in statuses] == [1, 2, None]
    assert set(conditions_of(last)) == {"Ready"}
    assert not {"nextRetryTime", "lastError"} & last.keys()


def test_412_and_500_twice_each_are_retried_with_backoff_and_then_succeed(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("busy"), code="ResourceInChannel.PreConditionFailed", times=2)
    live.fail(scene_of("broken"), code="InternalError", times=2)

    busy, broken = objects.create("busy"), objects.create("broken")
    objects.until_applied("broken")
    objects.until_applied("busy")

    statuses = objects.statuses(busy)
    check_two_failures_then_success(statuses, reason="ResourceInChannel", first_cap_s=3)
    check_two_failures_then_success(
        objects.statuses(broken), reason="ServiceUnavailable", first_cap_s=1
    )
    calls = live.calls(scene_of("busy"))
    assert [call["httpStatus"] for call in calls] == [412, 412, 200]
    assert [status["lastError"]["requestId"] for status in statuses[:2]] == [
        call["requestId"] for call in calls[:2]
    ]
    assert statuses[-1]["requestId"] == calls[-1]["requestId"]
    for status, call in zip(statuses, calls[1:], strict=False):
        assert moment(call["time"]) >= moment(status["nextRetryTime"])


def test_a_400_stalls_and_a_corrected_spec_heals_it_at_once(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.put_scene(scene_of("show"), locations=["RV01"])

    objects.create("show", layers=[{"locationId": "RV01"}, {"locationId": "RV02"}])
    stalled = objects.until("show", "InvalidSpec")["status"]
    objects.change("show", layers=[{"locationId": "RV01"}])
    healed = objects.until_applied("show")["status"]

    refused, taken = live.calls()
    stated = conditions_of(stalled)
    assert (stated["Ready"]["status"], stated["Stalled"]["status"]) == ("False", "True")
    assert "Reconciling" not in stated
    assert stalled["lastError"]["code"] == "InvalidMixList.ExceedNorm"
    assert stalled["lastError"]["httpStatus"] == 400
    assert stalled["lastError"]["message"]
    assert stalled["lastError"]["requestId"] == refused["requestId"]
    assert stalled["observedGeneration"] == 1
    assert set(conditions_of(healed)) == {"Ready"}
    assert not {"attempts", "nextRetryTime", "lastError"} & healed.keys()
    assert healed["requestId"] == taken["requestId"]
    assert moment(taken["time"]) < moment(stalled["nextRetryTime"])


def test_a_throttled_call_pauses_the_account_and_is_no_attempt(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("first"), code="Throttling.User", retryAfterMs=1500)

    first = objects.create("first")
    objects.until("first", "Throttled")
    objects.create("second")
    objects.until_applied("second")
    objects.until_applied("first")

    throttled, applied = objects.statuses(first)
    failed_at = moment(throttled["lastError"]["time"])
    retried_at = moment(throttled["nextRetryTime"])
    answered_s = live.calls(scene_of("first"))[0]["finishedMonotonic"]
    later_starts = [call["startedMonotonic"] for call in live.calls()[1:]]
    assert set(conditions_of(throttled)) == {"Ready", "Reconciling"}
    assert "attempts" not in throttled
    assert throttled["lastError"]["code"] == "Throttling.User"
    assert A_SECOND <= retried_at - failed_at <= 2 * A_SECOND
    assert len(later_starts) == 2
    assert all(started - answered_s >= 1.45 for started in later_starts)
    assert not {"nextRetryTime", "lastError"} & applied.keys()


def test_every_kind_of_throttled_answer_waits_without_an_attempt(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    answers: dict[str, dict[str, Any]] = {
        "quota": {"code": "Throttling"},
        "api": {"code": "Throttling.Api", "status": 503},
        "status": {"code": "TooManyRequests", "status": 429},
        "header": {"code": "ServiceUnavailable", "status": 503, "retryAfterMs": 200},
    }
    for name, answer in answers.items():
        live.fail(scene_of(name), delaySeconds=None, **answer)

    created = {name: objects.create(name) for name in answers}
    for name in answers:
        live.call_in_flight(scene_of(name))
    live.clear_faults()  # all are in flight, so all are answered so
    for name in answers:
        objects.until_applied(name)

    first = {name: objects.statuses(each)[0] for name, each in created.items()}
    assert {reason_of(status) for status in first.values()} == {"Throttled"}
    assert {name: each["lastError"]["code"] for name, each in first.items()} == {
        name: answer["code"] for name, answer in answers.items()
    }
    assert not any("attempts" in status for status in first.values())


def test_attempts_and_the_time_of_the_next_one_survive_a_restart(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    live.fail(scene_of("show"), code="IncorrectSceneStatus", times=None)
    created = objects.create("show")
    objects.until("show", "SceneNotReady")
    running_operator.stop()
    stopped = objects.statuses(created)[-1]
    calls_before = len(live.calls())
    # Whatever the jitter was, the restart is to be over by then.
    next_retry = whole_seconds(datetime.now(UTC) + 4 * A_SECOND)
    objects.patch_status("show", {"nextRetryTime": next_retry})

    running_operator.start()
    eventually(lambda: len(live.calls()) > calls_before)
    eventually(lambda: objects.statuses(created)[-1]["attempts"] > stopped["attempts"])

    call = live.calls()[calls_before]
    again = next(
        status for status in objects.statuses(created) if status["attempts"] > stopped["attempts"]
    )
    assert moment(call["time"]) >= moment(next_retry)
    assert again["attempts"] == stopped["attempts"] + 1
    assert again["lastError"]["requestId"] == call["requestId"]
