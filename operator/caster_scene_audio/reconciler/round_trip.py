"""How long a call and its answer are under way at least, learned from those that were answered."""

from collections import deque
from statistics import median

SAMPLES = 1024
RECENT = 64
FEWEST = 16
"""Before so many answers nothing is counted on."""

SHAKE_S = 0.005
"""By so much the quickest round trip may become quicker, as processors are more or less busy."""


class RoundTrip:
    """The floor of the round trip, counted on only as far as the round trip is steady.

    Of the last answers it is the quickest, less what the middle one took longer, less a little.
    Where they differ much, the quickest that was seen need not be the quickest there is; then the
    floor is 0, which costs throughput and lets no call too many through.
    """

    def __init__(self) -> None:
        self._took_s: deque[float] = deque(maxlen=SAMPLES)
        self._recent_s: deque[float] = deque(maxlen=RECENT)
        self.floor_s = 0.0
        """In seconds, less than the quickest of the last answers took."""

    def took(self, seconds: float) -> None:
        """An answer came after so long."""
        self._took_s.append(seconds)
        self._recent_s.append(seconds)
        if len(self._took_s) >= FEWEST:
            quickest = min(self._took_s)
            self.floor_s = max(0.0, 2 * quickest - median(self._recent_s) - SHAKE_S)
