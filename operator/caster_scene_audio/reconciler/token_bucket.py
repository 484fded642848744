"""The pace of an account's calls: a token bucket that holds one token and starts empty."""

from collections import deque
from collections.abc import Callable

from typing_extensions import override

Clock = Callable[[], float]
"""Monotonic seconds."""

MARGIN = 0.1
"""The part of the quota that is left unused: calls spread by the network arrive closer together."""

RECOVERY_S = 30.0
"""A slowed bucket is back at its full rate after this long without another throttled answer."""

SLOWEST = 1 / 16
"""A bucket never goes below this part of its full rate."""


class TokenBucket:
    """Never more than `quota_per_s` takes in any second; slower while the service throttles.

    One token, not a second's worth: a bucket with a burst of n lets n calls too many through
    when the second before was full. A takeover or restart never bursts, as it starts empty.
    """

    def __init__(self, *, quota_per_s: float, clock: Clock) -> None:
        self._clock = clock
        self._full_rate = quota_per_s * (1 - MARGIN)
        self._slowdown = 1.0
        self.throttles = 0
        """How often the service throttled a call."""
        self._rests_until = clock()
        self._next_at = clock() + 1 / self._full_rate
        self._departed: deque[float] = deque(maxlen=max(1, int(quota_per_s)))
        self._window_s = max(1.0, 1 / quota_per_s)

    @override
    def __repr__(self) -> str:
        return f"TokenBucket({self.rate_per_s:.2f}/s, next in {self.ready_in_s():.3f} s)"

    @property
    def rate_per_s(self) -> float:
        """Calls a second at present: the full rate, or what a throttled answer left of it."""
        healed = max(0.0, (self._clock() - self._rests_until) / RECOVERY_S)
        return self._full_rate * min(1.0, self._slowdown + (1 - self._slowdown) * healed)

    @property
    def is_throttled(self) -> bool:
        """Whether a throttled answer still slows the calls down."""
        return self.rate_per_s < self._full_rate

    def ready_in_s(self) -> float:
        """Seconds until a token is there; 0 if it is."""
        return max(0.0, self._next_at - self._clock())

    def take(self) -> None:
        """Take the token; only when `ready_in_s()` is 0."""
        self._next_at = self._clock() + 1 / self.rate_per_s

    def may_depart(self) -> bool:
        """Whether a call may leave now that took its token a while ago.

        Not while the bucket rests, nor where the quota of the last second is used up.
        """
        now = self._clock()
        if now < self._rests_until:
            return False
        is_full = len(self._departed) == self._departed.maxlen
        return not is_full or now - self._departed[0] >= self._window_s

    def depart(self) -> None:
        """A call leaves now."""
        self._departed.append(self._clock())

    def throttle(self, pause_s: float) -> None:
        """The service throttled a call: rest for so long, then go on at half the rate.

        Calls that were under way together are throttled together: while the bucket rests,
        a further answer can make the rest longer, but not the rate lower.
        """
        now = self._clock()
        self.throttles += 1
        if now >= self._rests_until:
            self._slowdown = max(SLOWEST, self.rate_per_s / self._full_rate / 2)
        self._rests_until = max(self._rests_until, now + pause_s)
        self._next_at = max(self._next_at, self._rests_until)
