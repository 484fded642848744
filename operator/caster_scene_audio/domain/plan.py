"""When an object is next due, and what its readings found. Kept in memory alone.

All moments are monotonic seconds: a clock that somebody sets makes nothing early or late.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from caster_scene_audio.domain.backoff import Jitter
from caster_scene_audio.domain.comparison import Difference
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.spec import AppliedAudio, SceneAudioSpec

CONTENDED_FROM = 3
"""The same drift, corrected so often in a row, has another writer behind it."""

SLOWEST_CORRECTION = 16
"""A contended drift is corrected each 2nd, 4th … up to this many intervals."""

HOLD_S = 30.0
"""The first write waits at most so long for what it replaces to be read, and to be on record."""


Wish = tuple[int, str | None]
"""A generation of the spec, and the value of the reconcile request."""


class Cause(StrEnum):
    """What a write is due to."""

    SPEC = "spec"
    """The spec says something else than what was last sent."""
    DRIFT = "drift"
    """A reading showed drift that is to be corrected."""
    RETRY = "retry"
    """A write failed, and what it sent may have been taken or not."""
    REQUEST = "request"
    """A person asked for it by the annotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often scenes are read back, in seconds: the default, and the least that a spec gets."""

    default_s: float = 600
    floor_s: float = 30

    def interval_s(self, spec: SceneAudioSpec) -> float:
        wanted = self.default_s if spec.interval_s is None else float(spec.interval_s)
        return max(wanted, self.floor_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is due when, and the drift that is being fought."""

    next_read: float | None = None
    retry_at: float | None = None
    """When what failed, or waits for the scene to leave the air, is tried again; None: at once."""
    tried: Wish | None = None
    """What `retry_at` is for: another wish doesn't wait for it."""
    cause: Cause | None = None
    """What the last write was due to, where it failed or waits for the scene to leave the air."""
    signed_by: tuple[SecretRef | None] | None = None
    """Whose credentials signed the last call that went well; None: this process made none yet."""
    failures: int = 0
    """Readings that failed in a row without a word in the status."""
    to_correct: tuple[Difference, ...] = ()
    """What the last reading found, and the next write is to correct."""
    corrected: tuple[Difference, ...] = ()
    """What was last written back."""
    times: int = 0
    """How often just this was written back in a row."""
    proved: AppliedAudio | None = None
    """Of an object for which nothing was sent: the audio that the scene was read to have."""
    unlike: AppliedAudio | None = None
    """Likewise: the audio that the scene was read not to have, or not to tell."""
    was_sent: bool = False
    """A write was sent since the scene was read, whatever its answer."""
    is_ours: bool = False
    """A write was sent at some time: what the scene has since may be what we wrote."""
    is_replaced_open: bool = False
    """`status.replaced` was read by this process, and nothing was sent since: it may be read anew."""
    held_until: float | None = None
    """The first write waits till then for what it replaces; None: that wasn't tried yet."""

    @property
    def is_contended(self) -> bool:
        return self.times >= CONTENDED_FROM

    def holds(self, now: float) -> bool:
        """Whether the first write may still wait for what it replaces."""
        return self.held_until is None or now < self.held_until

    def held(self, now: float) -> Self:
        """From the first try on the first write waits no longer than HOLD_S."""
        return self if self.held_until is not None else replace(self, held_until=now + HOLD_S)

    def is_to_adopt(self, audio: AppliedAudio) -> bool:
        """Whether the scene is to be read before anything is sent for this audio."""
        return not self.was_sent and self.unlike != audio

    def first(self, interval_s: float, *, now: float, jitter: Jitter) -> Self:
        """After a start: anywhere within the interval, so that a thousand spread evenly."""
        return replace(self, next_read=now + jitter(0.0, interval_s))

    def after(self, interval_s: float, *, now: float, jitter: Jitter) -> Self:
        """An interval from now, a tenth more or less; longer while a drift is contended."""
        slower = min(2 ** max(0, self.times - CONTENDED_FROM + 1), SLOWEST_CORRECTION)
        delay_s = jitter(0.9, 1.1) * interval_s * slower
        return replace(self, next_read=now + delay_s, failures=0, retry_at=None, tried=None)

    def again(self, delay_s: float, *, wish: Wish, now: float) -> Self:
        """The same wish is tried again after so many seconds."""
        return replace(self, retry_at=now + delay_s, tried=wish)

    def at_once(self) -> Self:
        """What failed is not waited for any longer."""
        return replace(self, retry_at=None, tried=None)

    def found(self, differences: tuple[Difference, ...]) -> Self:
        """A reading showed these: they are to be written back."""
        return replace(self, to_correct=differences)

    def in_sync(self) -> Self:
        """A reading showed no difference: whoever wrote is content."""
        return replace(self, to_correct=(), corrected=(), times=0)

    def adopted(self, audio: AppliedAudio) -> Self:
        """A reading showed this audio: nothing need be sent for it."""
        return replace(self.in_sync(), proved=audio, unlike=None, held_until=None)

    def on_hold(self) -> Self:
        """Nothing is written for now: what the scene has may change before the first write."""
        return replace(self, proved=None, unlike=None, was_sent=False, held_until=None)

    def sent(self) -> Self:
        """A write was sent, whatever its answer: from now on the scene may be as we wrote it."""
        return replace(self, was_sent=True, is_ours=True, is_replaced_open=False)

    def written(self) -> Self:
        """The studio was written. Count the drift if it is the same as before."""
        done = replace(self, cause=None)
        if not self.to_correct:
            return replace(done, corrected=(), times=0)
        times = self.times + 1 if self.to_correct == self.corrected else 1
        return replace(done, to_correct=(), corrected=self.to_correct, times=times)
