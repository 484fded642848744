"""How often the chain is asked, and how long it is left alone after it failed."""

from dataclasses import dataclass, field

from caster_scene_audio.domain.backoff import Backoff
from caster_scene_audio.domain.credentials import Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the chain is asked, in seconds.

    While anyone needs credentials the chain is asked each `keep_s`. Credentials that nobody asked for
    during `trust_s` are asked for again before they are given out. A fetch may take `timeout_s`.
    """

    keep_s: float = 10
    trust_s: float = 300
    timeout_s: float = 15
    failed: Backoff = field(default_factory=lambda: Backoff(first_s=1, cap_s=60))
    """How long the chain is left alone after failures in a row."""
    in_vain: Backoff = field(default_factory=lambda: Backoff(first_s=1, cap_s=600))
    """How long until another chain is built, where new ones gave what the service had rejected."""


DEFAULT_PACE = Pace()


class Renewals:
    """What the service rejected, and how often a new chain gave just that again."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._in_vain = 0
        self._again_at = float("-inf")
        self.rejected: Credentials | None = None

    def begin(self, rejected: Credentials, *, now: float) -> bool:
        """Note what the service rejected; whether a new chain may be built for it by now."""
        if now < self._again_at:
            return False
        self.rejected = rejected
        return True

    def end(self, found: Credentials | None, *, now: float) -> None:
        """Note what the new chain gave; None: nothing."""
        if self.rejected is None:
            return
        self._in_vain = self._in_vain + 1 if found == self.rejected else 0
        if self._in_vain:
            self._again_at = now + self._pace.in_vain.step_s(self._in_vain)
        self.rejected = None
