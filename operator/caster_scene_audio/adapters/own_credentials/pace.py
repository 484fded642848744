"""How often the chain is asked, and how long it is left alone after it failed."""

from dataclasses import dataclass

from caster_scene_audio.domain.credentials import Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`trust_s` is how long credentials may have gone unasked and still be given out at once."""

    keep_s: float = 10
    trust_s: float = 300
    timeout_s: float = 15
    shortest_pause_s: float = 1
    longest_pause_s: float = 60
    longest_renewal_pause_s: float = 600

    def pause_s(self, failures: int) -> float:
        """After so many failures one after the other; the first is 1."""
        return min(self._doubled_s(failures), self.longest_pause_s)

    def renewal_pause_s(self, in_vain: int) -> float:
        """After so many new chains that gave what the service had rejected."""
        return min(self._doubled_s(in_vain), self.longest_renewal_pause_s)

    def _doubled_s(self, times: int) -> float:
        return self.shortest_pause_s * 2.0 ** min(times - 1, 16)


DEFAULT_PACE = Pace()


class Renewals:
    """What the service rejected, and how often a new chain gave just that again."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._in_vain = 0
        self._again_at = float("-inf")
        self.rejected: Credentials | None = None

    def begin(self, rejected: Credentials, *, now: float) -> bool:
        """Whether it is worth a new chain by now."""
        if now < self._again_at:
            return False
        self.rejected = rejected
        return True

    def end(self, found: Credentials | None, *, now: float) -> None:
        """The new chain gave this, or nothing."""
        if self.rejected is None:
            return
        self._in_vain = self._in_vain + 1 if found == self.rejected else 0
        if self._in_vain:
            self._again_at = now + self._pace.renewal_pause_s(self._in_vain)
        self.rejected = None
