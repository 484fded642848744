"""What an answer means: for each row of the design's table, what an object's user then sees.

One operator has an object for each row, all at once; each fault strikes its own scene alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import UPDATE
from tests.support.cluster.scene_audios import Body, conditions_of, reason_of, scene_of
from tests.support.running.answer_rows import ROWS, Row
from tests.support.running.answered import ONLY_KNOWN_SCENES, prepared, wait_until_told
from tests.support.running.emulator_thread import Call
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane


@dataclass(frozen=True)
class Outcome:
    statuses: list[Body]
    calls: list[Call]
    reasons_of_events: set[str]


@pytest.fixture(scope="module")
def outcomes(
    crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Outcome]]:
    """By the row's name: all that came to be seen of its object."""
    directory = tmp_path_factory.mktemp("answers")
    with set_stage(crds, directory, emulator=ONLY_KNOWN_SCENES) as stage:
        stage.operator.flags = ("--live-timeout=2.5", "--update-qps=100")
        created = {row.name: prepared(stage, row) for row in ROWS}
        stage.operator.start()
        for row in ROWS:
            wait_until_told(stage, row, created[row.name])
        for row in ROWS:
            if row.heals:
                stage.objects.until_applied(row.name)
        yield {row.name: outcome(stage, created[row.name], row) for row in ROWS}


def outcome(stage: Stage, created: Body, row: Row) -> Outcome:
    statuses = stage.objects.statuses(created)
    calls = [  # readings that went well lead to none of the row's answers
        call
        for call in stage.live.calls(scene_of(row.name), action=None)
        if call["action"] == UPDATE or call["code"] != "OK"
    ]
    return Outcome(statuses, calls, reasons_told(stage, row))


def reasons_told(stage: Stage, row: Row) -> set[str]:
    """By Events, which come after the status."""
    if not is_told_before(row):
        eventually(lambda: stage.objects.events(row.name))
    return {event.reason for event in stage.objects.events(row.name)}


def is_told_before(row: Row) -> bool:
    return row.attempts_before > 0 and not row.is_readable


by_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@by_row
def test_the_conditions_say_whether_the_operator_or_a_person_must_act(
    row: Row, outcomes: dict[str, Outcome]
) -> None:
    status = outcomes[row.name].statuses[0]

    stated = conditions_of(status)
    beside_ready = "Stalled" if row.stalled else "Reconciling"
    assert {name: each["status"] for name, each in stated.items()} == {
        "Ready": "False",
        beside_ready: "True",
    }
    assert {each["reason"] for each in stated.values()} == {row.reason}
    assert {each["observedGeneration"] for each in stated.values()} == {1}
    assert status["observedGeneration"] == 1
    for condition in stated.values():
        assert condition["message"].startswith(row.says)
        assert row.code in condition["message"]


@by_row
def test_the_last_error_is_in_the_words_of_the_service(
    row: Row, outcomes: dict[str, Outcome]
) -> None:
    status, call = outcomes[row.name].statuses[0], outcomes[row.name].calls[0]

    error = status["lastError"]
    assert (error["code"], error.get("httpStatus")) == (row.code, row.http_status)
    assert error["message"]
    if row.answered:
        assert error["requestId"] in {each["requestId"] for each in outcomes[row.name].calls}
        assert call["code"] == row.code
    else:
        assert "requestId" not in error


@by_row
def test_the_attempt_is_counted_and_the_next_one_lies_within_its_bounds(
    row: Row, outcomes: dict[str, Outcome]
) -> None:
    status = outcomes[row.name].statuses[0]

    failed_at = datetime.fromisoformat(status["lastError"]["time"])
    retry_at = datetime.fromisoformat(status["nextRetryTime"])
    least, most = (timedelta(seconds=each) for each in row.delay_s)
    assert status["attempts"] == row.attempts_before + 1
    # Times are whole seconds, each rounded down.
    assert least - timedelta(seconds=1) < retry_at - failed_at < most + timedelta(seconds=1)


@by_row
def test_an_event_bears_the_reason_of_the_condition(row: Row, outcomes: dict[str, Outcome]) -> None:
    is_told = row.reason in outcomes[row.name].reasons_of_events

    assert is_told is not is_told_before(row)


@pytest.mark.parametrize("row", [row for row in ROWS if row.heals], ids=lambda row: row.name)
def test_the_retry_that_succeeds_leaves_nothing_of_the_failure(
    row: Row, outcomes: dict[str, Outcome]
) -> None:
    last, call = outcomes[row.name].statuses[-1], outcomes[row.name].calls[-1]

    assert set(conditions_of(last)) == {"Ready"}
    assert reason_of(last) == "Applied"
    assert last["requestId"] == call["requestId"]
    assert not {"attempts", "nextRetryTime", "lastError"} & last.keys()
