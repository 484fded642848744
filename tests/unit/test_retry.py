from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.domain.failure import Failure, FailureClass
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.retry import (
    POLICIES,
    BackoffRule,
    policies_with,
    retry_after,
    usual_rules,
)
from tests.support.simulation.objects import failure

TIMES = {
    # class: (longest first delay, longest delay of all), in seconds
    FailureClass.TRANSIENT: (1, 300),
    FailureClass.BUSY: (3, 120),
    FailureClass.NOT_READY: (10, 300),
    FailureClass.NOT_FOUND: (15, 600),
    FailureClass.CLOCK: (1, 60),
    FailureClass.ACCESS: (660, 660),
    FailureClass.EXPIRED_TOKEN: (660, 660),
    FailureClass.INVALID: (3960, 3960),
    FailureClass.MISCONFIGURED: (10, 300),
    FailureClass.WRONG_ADDRESS: (660, 660),
    FailureClass.ACCOUNT: (660, 660),
    FailureClass.UNKNOWN: (30, 600),
}


def of_class(failure_class: FailureClass) -> Failure:
    return Failure(
        failure_class=failure_class, reason=Reason.UNREACHABLE, code="Code", message="message"
    )


@pytest.mark.parametrize("failure_class", TIMES)
def test_the_delay_doubles_up_to_the_cap_of_its_class(failure_class: FailureClass) -> None:
    first, cap = TIMES[failure_class]

    delays = [
        retry_after(
            of_class(failure_class),
            attempts_before=number,
            policies=POLICIES,
            jitter=lambda _, high: high,
        ).delay.total_seconds()
        for number in range(40)
    ]

    assert delays[0] == pytest.approx(first)
    assert delays[1] == pytest.approx(min(2 * first, cap))
    assert max(delays) == delays[-1] == pytest.approx(cap)


@given(
    failure_class=st.sampled_from(sorted(TIMES)),
    attempts=st.integers(0, 1_000_000),
    random=st.randoms(use_true_random=False),
)
def test_every_delay_lies_within_its_bounds(
    failure_class: FailureClass, attempts: int, random: Random
) -> None:
    retry = retry_after(
        of_class(failure_class),
        attempts_before=attempts,
        policies=POLICIES,
        jitter=random.uniform,
    )

    assert 0 <= retry.delay.total_seconds() <= TIMES[failure_class][1]
    assert retry.attempts == attempts + 1


@pytest.mark.parametrize(
    ("failure_class", "first_stalled"),
    [
        (FailureClass.TRANSIENT, None),
        (FailureClass.BUSY, None),
        (FailureClass.NOT_READY, None),
        (FailureClass.CLOCK, None),
        (FailureClass.NOT_FOUND, 5),
        (FailureClass.ACCESS, 1),
        (FailureClass.INVALID, 1),
        (FailureClass.MISCONFIGURED, 5),
        (FailureClass.WRONG_ADDRESS, 1),
        (FailureClass.ACCOUNT, 1),
        (FailureClass.UNKNOWN, 1),
    ],
)
def test_a_person_is_asked_when_only_a_person_can_help(
    failure_class: FailureClass, first_stalled: int | None
) -> None:
    stalled = [
        retry_after(
            of_class(failure_class),
            attempts_before=n,
            policies=POLICIES,
            jitter=lambda _, high: high,
        ).stalled
        for n in range(20)
    ]

    assert stalled.index(True) + 1 == first_stalled if first_stalled else not any(stalled)


@pytest.mark.parametrize(
    ("told_s", "pause_s"), [(None, 1.0), (2.5, 2.5), (3600.0, 60.0)], ids=["unsaid", "told", "cap"]
)
def test_a_throttled_call_waits_as_told_and_is_no_attempt(
    told_s: float | None, pause_s: float
) -> None:
    throttled = failure("Throttling.User", retry_after_s=told_s)

    retry = retry_after(
        throttled, attempts_before=3, policies=POLICIES, jitter=lambda _, high: high
    )

    assert retry.delay.total_seconds() == pause_s
    assert retry.attempts == 3
    assert not retry.stalled


@pytest.mark.parametrize(
    ("text", "first_s", "cap_s"),
    [("busy=5:20", 5, 20), ("transient=0.5:0.5", 0.5, 0.5), ("access=60", 66, 66)],
)
def test_a_rule_replaces_the_times_of_its_class_and_no_others(
    text: str, first_s: float, cap_s: float
) -> None:
    rule = BackoffRule.parse(text)
    policies = policies_with([rule])

    delays = [
        retry_after(
            of_class(rule.failure_class),
            attempts_before=number,
            policies=policies,
            jitter=lambda _, high: high,
        ).delay.total_seconds()
        for number in range(20)
    ]

    assert delays[0] == pytest.approx(first_s)
    assert delays[-1] == pytest.approx(cap_s)
    assert {each for each in POLICIES if policies[each] != POLICIES[each]} == {rule.failure_class}


def test_the_usual_rules_change_nothing_and_name_every_class_but_the_throttled() -> None:
    rules = [BackoffRule.parse(each) for each in usual_rules().split()]

    assert policies_with(rules) == POLICIES
    assert {rule.failure_class for rule in rules} == {*FailureClass} - {FailureClass.THROTTLED}


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("busy", "above 0"),
        ("busy=3", "busy=FIRST:CAP"),
        ("busy=9:3", "busy=FIRST:CAP"),
        ("busy=0:3", "above 0"),
        ("busy=x:3", "above 0"),
        ("access=1:2", "access=INTERVAL"),
        ("throttled=1:2", "not-found"),
        ("", "not-found"),
    ],
)
def test_a_rule_that_makes_no_sense_says_what_does(text: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=remedy):
        BackoffRule.parse(text)
