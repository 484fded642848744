"""Objects that wait for their time: each has one timer, and is decided on anew when it ends."""

import asyncio
from collections import Counter
from collections.abc import Callable

from caster_scene_audio.domain.decision import Priority


class Delays:
    """At most one timer for each object. Timers run by the loop's monotonic clock."""

    def __init__(self, due: Callable[[str], None]) -> None:
        self._due = due
        self._timers: dict[str, tuple[Priority, asyncio.TimerHandle]] = {}
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._timers)

    @property
    def counts(self) -> Counter[Priority]:
        """How many wait, by the priority that they will have."""
        return Counter(priority for priority, _ in self._timers.values())

    def put(self, uid: str, priority: Priority, delay_s: float) -> None:
        """Have `due` called for the object after `delay_s` seconds, instead of any time before."""
        self.drop(uid)
        if self._is_closed:
            return
        timer = asyncio.get_running_loop().call_later(delay_s, self._end, uid)
        self._timers[uid] = priority, timer

    def drop(self, uid: str) -> None:
        """Wait no longer, if the object does."""
        if waiting := self._timers.pop(uid, None):
            waiting[1].cancel()

    def close(self) -> None:
        """Nothing is due any more, whatever is put in later."""
        self._is_closed = True
        for uid in [*self._timers]:
            self.drop(uid)

    def _end(self, uid: str) -> None:
        del self._timers[uid]
        self._due(uid)
