"""How long to wait before another try: exponential backoff, a slow retry, or the service's word."""

from collections.abc import Callable
from dataclasses import dataclass

Jitter = Callable[[float, float], float]
"""A number between two others, evenly spread: `random.Random().uniform`."""

MOST_DOUBLINGS = 16
"""Doublings after which the step stays; every cap is reached by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """`first_s` seconds, doubled by each failure up to `cap_s`."""

    first_s: float
    cap_s: float
    stalls_from: int | None = None
    """The attempt from which on a person is told to look; None: never."""

    def step_s(self, attempts: int) -> float:
        """The longest wait after so many failures in a row; the first is 1."""
        return min(self.cap_s, self.first_s * 2.0 ** min(max(attempts, 1) - 1, MOST_DOUBLINGS))

    def delay_s(self, attempts: int, jitter: Jitter) -> float:
        """Full jitter: anywhere between 0 and the step."""
        return jitter(0.0, self.step_s(attempts))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRetry:
    """A person must act: look again each interval, spread by a tenth."""

    interval_s: float
    stalls_from: int = 1

    def delay_s(self, attempts: int, jitter: Jitter) -> float:  # noqa: ARG002 (each time the same)
        return jitter(0.9, 1.1) * self.interval_s


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimited:
    """The service said to wait: as long as it says, `usual_s` where it doesn't, at most `cap_s`."""

    usual_s: float
    cap_s: float

    def pause_s(self, retry_after_s: float | None) -> float:
        return min(self.usual_s if retry_after_s is None else retry_after_s, self.cap_s)


Policy = Backoff | SlowRetry | RateLimited
