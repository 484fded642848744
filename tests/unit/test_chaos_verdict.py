"""The judge of `make chaos` sees what it is there for, and the faults are drawn as they should be."""

import itertools
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from tests.support.chaos.journal import Call, Journal
from tests.support.chaos.kinds import KINDS, hands
from tests.support.chaos.verdict import amiss

SCENE = "studio-show-1"
SPEC = {"sceneId": SCENE, "followMode": "AudioMixing"}
APPLIED = {"followMode": "AudioMixing"}
READY = {"type": "Ready", "status": "True", "reason": "Applied", "observedGeneration": 3}


def call(started_s: float, finished_s: float | None, **differing: Any) -> Call:
    usual = {
        "action": "UpdateCasterSceneAudio",
        "startedMonotonic": started_s,
        "finishedMonotonic": finished_s,
        "parameters": {"SceneId": SCENE},
        "accessKeyId": "one",
        "account": "account",
        "code": "OK",
        "requestId": f"at-{started_s}",
        "fault": None,
    }
    return {**usual, **differing}


def journal_of(*calls: Call, woken_at: Sequence[float] = ()) -> Journal:
    return Journal(calls=calls, patience_s=3, woken_at={"two": woken_at})


def written(**status: Any) -> dict[str, Any]:
    usual = {
        "observedGeneration": 3,
        "conditions": [READY],
        "applied": APPLIED,
        "requestId": "sent",
    }
    return {"spec": SPEC, "metadata": {"generation": 3}, "status": {**usual, **status}}


def complaints(body: dict[str, Any], *, follow_enable: int = 0) -> list[str]:
    scene = {"audio": {"followEnable": follow_enable, "layers": []}}
    return list(amiss(body, scene, {"sent": {}}))


def test_a_request_is_known_by_what_the_answer_said_of_it() -> None:
    journal = journal_of(
        call(1.0, 2.0, requestId="R-1"),
        call(3.0, 4.0, requestId="R-222", fault="wrongTypes"),
        call(5.0, 6.0, requestId="R-3", code="InternalError"),
    )

    assert set(journal.taken(SCENE)) == {"R-1", "5"}


def test_two_updates_at_once_for_a_scene_are_told() -> None:
    journal = journal_of(call(1.0, 2.0), call(1.9, 2.5, accessKeyId="two"))

    assert len(list(journal.overlaps())) == 1


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(call(2.1, 2.5), id="after the first"),
        pytest.param(call(1.9, 2.5, parameters={"SceneId": "another"}), id="of another scene"),
        pytest.param(call(1.9, 2.5, action="DescribeCasterSceneAudio"), id="a reading"),
    ],
)
def test_calls_that_do_not_meet_are_not_told(later: Call) -> None:
    assert list(journal_of(call(1.0, 2.0), later).overlaps()) == []


def test_a_call_that_hangs_is_nobody_s_once_its_caller_gave_it_up() -> None:
    within, after = call(3.9, 4.0), call(4.1, 4.2)

    assert len(list(journal_of(call(1.0, None), within).overlaps())) == 1
    assert list(journal_of(call(1.0, None), after).overlaps()) == []


def test_the_call_of_a_process_that_has_just_woken_is_excused_and_no_later_one() -> None:
    first = call(10.0, 13.0)

    just_woken = journal_of(first, call(11.0, 11.1, accessKeyId="two"), woken_at=[10.9])
    long_awake = journal_of(first, call(12.5, 12.6, accessKeyId="two"), woken_at=[10.9])

    assert list(just_woken.overlaps()) == []
    assert len(list(long_awake.overlaps())) == 1


def test_a_second_with_more_updates_than_the_quota_is_told() -> None:
    calls = [call(at / 10, at / 10, parameters={"SceneId": f"{at}"}) for at in range(6)]

    assert list(journal_of(*calls).crowds(6)) == []
    assert len(list(journal_of(*calls).crowds(5))) == 1


def test_an_object_that_is_done_and_true_is_no_complaint() -> None:
    assert complaints(written()) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (written(observedGeneration=2), "its status tells of"),
        (written(conditions=[{**READY, "status": "False"}]), "it is not done"),
        (written(conditions=[READY, {**READY, "type": "Stalled"}]), "it is Stalled"),
        (written(applied={"followMode": "AudioFollowsVideo"}), "its status says that"),
        (written(requestId="never-given"), "knows no successful update"),
        (written(requestId=None), "no RequestId is told"),
    ],
)
def test_a_status_that_is_late_or_untrue_is_told(body: dict[str, Any], told: str) -> None:
    found = complaints(body)

    assert [told in each for each in found] == [True]


def test_a_scene_that_is_not_as_its_spec_says_is_told() -> None:
    found = complaints(written(), follow_enable=1)

    assert ["its scene has" in each for each in found] == [True]


@pytest.mark.parametrize("seed", range(5))
def test_no_kind_is_long_in_coming(seed: int) -> None:
    drawn = itertools.chain.from_iterable(hands(KINDS, Random(seed), fewest=1, most=3))  # noqa: S311

    assert {*itertools.islice(drawn, len(KINDS) + 5)} == {*KINDS}


def test_what_touches_the_same_thing_is_never_raised_together() -> None:
    drawn = hands(KINDS, Random(2), fewest=3, most=8)  # noqa: S311

    for hand in itertools.islice(drawn, 200):
        touched = [each.touches for each in hand if each.touches]
        assert len(touched) == len({*touched})


def test_the_same_seed_draws_the_same_faults() -> None:
    first, second = (
        [*itertools.islice(hands(KINDS, Random(3), fewest=1, most=3), 20)]  # noqa: S311
        for _ in range(2)
    )

    assert first == second
