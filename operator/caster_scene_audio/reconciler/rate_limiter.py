"""An account's rate limit: exact, however the network delays the calls."""

from collections.abc import Callable
from math import inf

from typing_extensions import override

from caster_scene_audio.reconciler.round_trip import RoundTrip

Clock = Callable[[], float]
"""Monotonic seconds."""

RECOVERY_S = 30.0
"""A slowed limiter is back at its full rate after this long without another throttled answer."""

SLOWEST = 1 / 16
"""It never goes below this part of its full rate."""

SLOT_GOOD_FOR_S = 1.0
"""A slot that was given and not used within this time is void: others must not wait for it."""

SLOT_HELD_FOR_S = 60.0
"""As before, of one that is held for a call that its own depends on."""

CLOCKS_APART = 500e-6
"""By so much our second and the service's may differ: more than NTP lets a clock run off."""

HAIR_S = 1e-9
"""Sums of seconds are not exact."""


class Slot:
    """The right to one call of the service, and what is known of when that call arrived."""

    __slots__ = ("_ended_at", "_good_until", "_left_at", "_limiter", "_took_s")

    def __init__(self, limiter: "RateLimiter") -> None:
        self._limiter = limiter
        self._good_until = limiter.now + SLOT_GOOD_FOR_S
        self._left_at: float | None = None
        self._ended_at: float | None = None
        self._took_s = 0.0

    @property
    def is_good(self) -> bool:
        """Whether a call may leave by it now: not while its limiter rests."""
        now = self._limiter.now
        is_used = self._left_at is not None
        return not is_used and self._limiter.rests_until <= now and now + HAIR_S < self.free_at

    @property
    def free_at(self) -> float:
        """From when on another call may leave in its place; inf: not known before its answer."""
        if self._left_at is None:
            return self._good_until if self._ended_at is None else -inf
        if self._ended_at is None:
            return inf
        return self._ended_at - min(self._took_s, self._limiter.floor_s) + self._limiter.window_s

    def hold(self) -> None:
        """It will be used, but not before another call is answered; only while it is good."""
        self._good_until = self._limiter.now + SLOT_HELD_FOR_S

    def leave(self) -> None:
        """The call leaves now. Its answer, or the lack of one, is to be told."""
        self._left_at = self._limiter.now

    def answered(self) -> None:
        """The service answered, whatever it said: the call had arrived before that."""
        if self._left_at is not None and self._ended_at is None:
            self._ended_at = self._limiter.now
            self._took_s = self._ended_at - self._left_at
            self._limiter.learn(self._took_s)

    def done(self) -> None:
        """Nothing is waited for any more: neither a call to leave nor an answer to come."""
        if self._ended_at is not None:
            return
        self._ended_at = self._limiter.now
        if self._left_at is None:
            self._limiter.unused()


class RateLimiter:
    """Never more than `quota_per_s` calls arrive in any second, sliding or of the clock.

    There are as many slots as calls in a second. A call leaves by a slot, which is free again one
    second after the call can last have arrived: that is when its answer came, less the floor of the
    round trip, which is how long an answer and the next call are under way at least.

    Why that is enough: of the calls that arrive within one second take the one that got its slot
    last. When it did, the slot of each of the others was taken still. For had one been free, that
    call had arrived more than a second before this one could. As no more slots are taken than there
    are, no more calls can arrive.

    One that lets calls go after a pause lets as many go at once as slots are free. Where calls have
    to wait for slots they are spaced evenly. After a start all slots are taken for a second, as
    another process may have used them.

    While the service throttles, calls are spaced evenly at a lower rate.
    """

    def __init__(self, *, quota_per_s: float, clock: Clock, used_until: float) -> None:
        """`used_until`: by the clock, when another process may last have made calls."""
        self._clock = clock
        self.window_s = max(1.0, 1 / quota_per_s) * (1 + CLOCKS_APART)
        """In seconds: so long a call counts from when it can last have arrived."""
        self._size = max(1, int(quota_per_s))
        self._gap_s = self.window_s / self._size
        self._round_trip = RoundTrip()
        self._slots: list[Slot] = []
        self._slowdown = 1.0
        self.rests_until = clock()
        """Until then no call leaves, as the service throttled one."""
        self._free_from = used_until + self.window_s
        self._due_at = self._free_from + self._burst_s
        """When as many calls as went would have gone at an even pace (GCRA)."""
        self._was_full = False
        self.throttles = 0
        """How often the service throttled a call."""

    @override
    def __repr__(self) -> str:
        return f"RateLimiter({self.rate_per_s:.2f}/s, next in {self.ready_in_s():.3f} s)"

    @property
    def now(self) -> float:
        return self._clock()

    @property
    def rate_per_s(self) -> float:
        """Calls a second at present: the full rate, or what a throttled answer left of it."""
        healed = max(0.0, (self.now - self.rests_until) / RECOVERY_S)
        return min(1.0, self._slowdown + (1 - self._slowdown) * healed) / self._gap_s

    @property
    def is_throttled(self) -> bool:
        """Whether a throttled answer still slows the calls down."""
        return self.rate_per_s < 1 / self._gap_s

    @property
    def is_as_new(self) -> bool:
        """Whether a new one in its place would let no call go sooner."""
        self._forget_free()
        return not self._slots and not self.is_throttled and self.now >= self.rests_until

    @property
    def tokens(self) -> int:
        """How many calls may leave at once."""
        if self.ready_in_s() > 0:
            return 0
        credit = int((self._burst_s - (self._due_at - self.now) + HAIR_S) / self._gap_s) + 1
        return max(1, min(self._size - len(self._slots), credit))

    def ready_in_s(self) -> float:
        """Seconds until a call may leave; inf: not before another one is answered."""
        self._forget_free()
        earliest = max(self._free_from, self.rests_until, self._due_at - self._burst_s)
        if len(self._slots) >= self._size:
            earliest = max(earliest, min(each.free_at for each in self._slots))
        wait_s = earliest - self.now
        return wait_s if wait_s > HAIR_S else 0.0

    def take(self) -> Slot:
        """A slot for one call; only when `ready_in_s()` is 0."""
        self._due_at = max(self._due_at, self.now) + 1 / self.rate_per_s
        slot = Slot(self)
        self._slots.append(slot)
        self._was_full = len(self._slots) >= self._size
        return slot

    def throttle(self, pause_s: float) -> None:
        """The service throttled a call: rest for so long, then go on at half the rate.

        Calls that were under way together are throttled together: while it rests, a further
        answer can make the rest longer, but not the rate lower.
        """
        now = self.now
        self.throttles += 1
        if now >= self.rests_until:
            self._slowdown = max(SLOWEST, self.rate_per_s * self._gap_s / 2)
        self.rests_until = max(self.rests_until, now + pause_s)
        self._due_at = max(self._due_at, self.rests_until)

    @property
    def floor_s(self) -> float:
        """How long a call and an answer are under way at least, as far as that is known."""
        return self._round_trip.floor_s

    def learn(self, took_s: float) -> None:
        """A call was answered after so long."""
        self._round_trip.took(took_s)

    def unused(self) -> None:
        """No call left by a slot that was given."""
        self._due_at -= self._gap_s

    @property
    def _burst_s(self) -> float:
        """How far calls may be ahead of an even pace: a second's worth, none while throttled."""
        return 0.0 if self.is_throttled else (self._size - 1) * self._gap_s

    def _forget_free(self) -> None:
        now = self.now + HAIR_S
        freed = [each.free_at for each in self._slots if each.free_at <= now]
        if not freed:
            return
        self._slots = [each for each in self._slots if each.free_at > now]
        if self._was_full and (first_at := min(freed)) > -inf:
            # Who waits for a slot is in a backlog, and goes on at an even pace.
            self._due_at = max(self._due_at, first_at + self._burst_s)
        self._was_full = False
