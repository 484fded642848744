"""When a failed call is tried again, and when a person is asked to help."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from caster_scene_audio.domain.backoff import Backoff, Jitter, Policy, RateLimited, SlowRetry
from caster_scene_audio.domain.codes import classify
from caster_scene_audio.domain.failure import Failure, FailureClass
from caster_scene_audio.domain.status import LastError

Policies = Mapping[FailureClass, Policy]
"""What follows from each class of failure."""

POLICIES: Policies = {each: each.policy for each in FailureClass}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What follows from a failure; `attempts` counts it in, but for a throttled one."""

    attempts: int
    delay: timedelta
    stalled: bool


def retry_after(
    failure: Failure, *, attempts_before: int, policies: Policies, jitter: Jitter
) -> Retry:
    """The next try of an object whose call failed `attempts_before` times before this one."""
    policy = policies[failure.failure_class]
    if isinstance(policy, RateLimited):
        pause = timedelta(seconds=policy.pause_s(failure.retry_after_s))
        return Retry(attempts=attempts_before, delay=pause, stalled=False)
    attempts = attempts_before + 1
    return Retry(
        attempts=attempts,
        delay=timedelta(seconds=policy.delay_s(attempts, jitter)),
        stalled=policy.stalls_from is not None and attempts >= policy.stalls_from,
    )


@dataclass(frozen=True, slots=True)
class BackoffRule:
    """One policy as a user writes it: `busy=3:120`, or `access=600`; seconds."""

    failure_class: FailureClass
    policy: Backoff | SlowRetry

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError, saying what can be written."""
        name, _, seconds = text.partition("=")
        usual = _BY_NAME.get(name)
        if usual is None:
            raise ValueError(f"should begin with one of {', '.join(_BY_NAME)}")
        failure_class, policy = usual
        numbers = [_seconds(each) for each in seconds.split(":")]
        match policy, numbers:
            case Backoff(), [first_s, cap_s] if first_s <= cap_s:
                return cls(failure_class, replace(policy, first_s=first_s, cap_s=cap_s))
            case SlowRetry(), [interval_s]:
                return cls(failure_class, replace(policy, interval_s=interval_s))
            case Backoff(), _:
                raise ValueError(f"should be {name}=FIRST:CAP, such as {name}=3:120")
            case SlowRetry(), _:
                raise ValueError(f"should be {name}=INTERVAL, such as {name}=600")


_BY_NAME = {
    each.replace(" ", "-"): (each, each.policy)
    for each in FailureClass
    if not isinstance(each.policy, RateLimited)
}


def usual_rules() -> str:
    """All policies that a rule can change, as rules: `transient=1:300 busy=3:120 …`."""
    return " ".join(f"{name}={_as_rule(policy)}" for name, (_, policy) in _BY_NAME.items())


def _as_rule(policy: Backoff | SlowRetry) -> str:
    if isinstance(policy, Backoff):
        return f"{policy.first_s:g}:{policy.cap_s:g}"
    return f"{policy.interval_s:g}"


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or float(text) == 0:
        raise ValueError("should give seconds as numbers above 0, of 6 digits at most")
    return float(text)


def policies_with(rules: Iterable[BackoffRule]) -> Policies:
    """The usual policies, but for what the rules say."""
    return {**POLICIES, **{rule.failure_class: rule.policy for rule in rules}}


def longest_s(policies: Policies, error: LastError | None) -> float:
    """The longest wait after this failure; where it isn't told, of any policy.

    No time that stands in a status is waited for longer.
    """
    if error is None:
        return max(_longest_s(each) for each in policies.values())
    failure_class, _ = classify(
        code=error.code, http_status=error.http_status or 0, says_when=False
    )
    return _longest_s(policies[failure_class])


def _longest_s(policy: Policy) -> float:
    return policy.interval_s * 1.1 if isinstance(policy, SlowRetry) else policy.cap_s
