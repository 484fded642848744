"""When a scene is read back, and what the last reading found. Kept in memory alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from caster_scene_audio.domain.backoff import Jitter
from caster_scene_audio.domain.comparison import Difference
from caster_scene_audio.domain.spec import SceneAudioSpec

CONTENDED_FROM = 3
"""The same drift, corrected so often in a row, has another writer behind it."""

SLOWEST_CORRECTION = 16
"""A contended drift is corrected each 2nd, 4th … up to this many intervals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often scenes are read back, in seconds: the default, and the least that a spec gets."""

    default_s: float = 600
    floor_s: float = 30

    def interval_s(self, spec: SceneAudioSpec) -> float:
        wanted = self.default_s if spec.interval_s is None else float(spec.interval_s)
        return max(wanted, self.floor_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlan:
    """The next reading, and the drift that is being fought."""

    next_read: datetime | None = None
    failures: int = 0
    """Readings that failed in a row."""
    to_correct: tuple[Difference, ...] = ()
    """What the last reading found, and the next call is to write back."""
    corrected: tuple[Difference, ...] = ()
    """What was last written back."""
    before: dict[str, Any] | None = None
    """What the scene had before the object's first write."""
    times: int = 0
    """How often just this was written back in a row."""

    @property
    def is_contended(self) -> bool:
        return self.times >= CONTENDED_FROM

    def first(self, interval_s: float, *, now: datetime, jitter: Jitter) -> Self:
        """After a start: anywhere within the interval, so that a thousand spread evenly."""
        return replace(self, next_read=now + timedelta(seconds=jitter(0.0, interval_s)))

    def after(self, interval_s: float, *, now: datetime, jitter: Jitter) -> Self:
        """An interval from now, a tenth more or less; longer while a drift is contended."""
        slower = min(2 ** max(0, self.times - CONTENDED_FROM + 1), SLOWEST_CORRECTION)
        delay = timedelta(seconds=jitter(0.9, 1.1) * interval_s * slower)
        return replace(self, next_read=now + delay, failures=0)

    def found(self, differences: tuple[Difference, ...]) -> Self:
        """A reading showed these: they are to be written back."""
        return replace(self, to_correct=differences)

    def in_sync(self) -> Self:
        """A reading showed no difference: whoever wrote is content."""
        return replace(self, to_correct=(), corrected=(), times=0)

    def on_hold(self) -> Self:
        """Nothing is written for now: what the scene has may change before the first write."""
        return replace(self, before=None)

    def written(self) -> Self:
        """The studio was written. Count the drift if it is the same as before."""
        if not self.to_correct:
            return replace(self, corrected=(), times=0)
        times = self.times + 1 if self.to_correct == self.corrected else 1
        return replace(self, to_correct=(), corrected=self.to_correct, times=times)
