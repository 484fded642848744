"""The account's quota: never more than so many accepted calls of an action in any one second."""

import math
from collections import deque

from live_emulator.answers import Refused
from live_emulator.dials import Dials

WINDOW_S = 1.0


class Window:
    """The calls accepted within the last second."""

    def __init__(self) -> None:
        self._accepted_s: deque[float] = deque()

    def wait_s(self, *, now_s: float, limit: int) -> float:
        """Seconds until one more fits; 0 takes the place."""
        while self._accepted_s and self._accepted_s[0] <= now_s - WINDOW_S:
            self._accepted_s.popleft()
        if len(self._accepted_s) < limit:
            self._accepted_s.append(now_s)
            return 0.0
        leaves_s = self._accepted_s[len(self._accepted_s) - limit] + WINDOW_S
        return leaves_s - now_s


class Quota:
    """One window for each account and action; a throttled call takes no place in it."""

    def __init__(self, dials: Dials) -> None:
        self._dials = dials
        self._windows: dict[tuple[str, str], Window] = {}

    def take(self, *, account: str, action: str, now_s: float) -> None:
        """A place for a call that came at `now_s`, or Refused with the time until there is one."""
        limit = self._dials.qps_of(action)
        if limit == 0:
            return
        window = self._windows.setdefault((account, action), Window())
        wait_s = window.wait_s(now_s=now_s, limit=limit)
        if wait_s > 0:
            raise Refused("Throttling.User", retry_after_ms=max(1, math.ceil(wait_s * 1000)))

    def reset(self) -> None:
        self._windows.clear()
