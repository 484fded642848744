"""When a failed call is tried again, and when a person is asked to help."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

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


_POLICIES: dict[FailureClass, Backoff | SlowRetry] = {
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


def retry_after(failure: Failure, *, attempts_before: int, jitter: Jitter) -> Retry:
    """The next try of an object whose call failed `attempts_before` times before this one."""
    if failure.failure_class is FailureClass.THROTTLED:
        pause = timedelta(seconds=throttled_pause_s(failure.retry_after_s))
        return Retry(attempts=attempts_before, delay=pause, stalled=False)
    policy = _POLICIES[failure.failure_class]
    attempts = attempts_before + 1
    return Retry(
        attempts=attempts,
        delay=timedelta(seconds=policy.delay_s(attempts, jitter)),
        stalled=policy.stalls_from is not None and attempts >= policy.stalls_from,
    )
