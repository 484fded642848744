"""When a failed call is tried again, and when a person is asked to help."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from caster_scene_audio.domain.failure import Failure, FailureClass

Jitter = Callable[[float, float], float]
"""A number between two others, evenly spread: `random.Random().uniform`."""

THROTTLED_PAUSE_CAP_S = 60.0
THROTTLED_PAUSE_S = 1.0
"""How long a throttled account rests where the service named no time."""

MOST_DOUBLINGS = 16
"""Enough to reach every cap; it keeps the power small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Full jitter: a random part of `first_s`, doubled by each attempt up to `cap_s`."""

    first_s: float
    cap_s: float
    stalls_from: int | None = None
    """The attempt from which on a person is told to look; None: never."""

    def delay_s(self, attempts: int, jitter: Jitter) -> float:
        return jitter(0.0, min(self.cap_s, self.first_s * 2 ** min(attempts - 1, MOST_DOUBLINGS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRetry:
    """A person must act: look again each interval, spread by a tenth."""

    interval_s: float
    stalls_from: int = 1

    def delay_s(self, attempts: int, jitter: Jitter) -> float:  # noqa: ARG002 (each time the same)
        return jitter(0.9, 1.1) * self.interval_s


Policies = Mapping[FailureClass, Backoff | SlowRetry]
"""What follows from each class of failure; a throttled call follows the service's own word."""

POLICIES: Policies = {
    FailureClass.TRANSIENT: Backoff(first_s=1, cap_s=300),
    FailureClass.BUSY: Backoff(first_s=3, cap_s=120),
    FailureClass.NOT_READY: Backoff(first_s=10, cap_s=300),
    FailureClass.NOT_FOUND: Backoff(first_s=15, cap_s=600, stalls_from=5),
    FailureClass.CLOCK: Backoff(first_s=1, cap_s=60),
    FailureClass.ACCESS: SlowRetry(interval_s=600),
    FailureClass.EXPIRED_TOKEN: SlowRetry(interval_s=600),
    FailureClass.INVALID: SlowRetry(interval_s=3600),
}


def throttled_pause_s(retry_after_s: float | None) -> float:
    """How long an account's bucket rests after a throttled answer: at most a minute."""
    return min(THROTTLED_PAUSE_S if retry_after_s is None else retry_after_s, THROTTLED_PAUSE_CAP_S)


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
    if failure.failure_class is FailureClass.THROTTLED:
        pause = timedelta(seconds=throttled_pause_s(failure.retry_after_s))
        return Retry(attempts=attempts_before, delay=pause, stalled=False)
    policy = policies[failure.failure_class]
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


_BY_NAME = {each.replace(" ", "-"): (each, policy) for each, policy in POLICIES.items()}


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or float(text) == 0:
        raise ValueError("should give seconds as numbers above 0, of 6 digits at most")
    return float(text)


def policies_with(rules: Iterable[BackoffRule]) -> Policies:
    """The usual policies, but for what the rules say."""
    return {**POLICIES, **{rule.failure_class: rule.policy for rule in rules}}
