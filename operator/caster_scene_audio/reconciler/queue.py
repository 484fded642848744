"""The keyed queue: one entry for each object, by priority, then first come first served."""

import asyncio
import heapq
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from typing_extensions import override

from caster_scene_audio.domain.decision import Priority
from caster_scene_audio.domain.spec import SceneAudioSpec

Key = str
"""The uid of an object."""

SceneKey = tuple[str, str]
"""Caster and scene: never two calls at once for one."""


def scene_key(spec: SceneAudioSpec) -> SceneKey:
    return spec.caster_id, spec.scene_id


@dataclass(slots=True, eq=False)
class _Entry:
    key: Key
    scene: SceneKey
    priority: Priority
    due: float
    """Monotonic seconds."""
    number: int
    waits: bool = field(default=True)
    """Until it is due; then it stands in line."""


class BusyScenes:
    """Which scenes have a call under way: never two at once, whichever line they come from."""

    def __init__(self) -> None:
        self._behind: dict[SceneKey, list[Callable[[SceneKey], None]]] = {}

    def __len__(self) -> int:
        return len(self._behind)

    def is_busy(self, scene: SceneKey) -> bool:
        return scene in self._behind

    def occupy(self, scene: SceneKey) -> None:
        self._behind[scene] = []

    def when_free(self, scene: SceneKey, call: Callable[[SceneKey], None]) -> None:
        self._behind[scene].append(call)

    def free(self, scene: SceneKey) -> None:
        """The call for the scene has ended: tell those who wait behind it."""
        for call in self._behind.pop(scene, ()):
            call(scene)


class WorkQueue:
    """Who is called next. Not bounded: it holds no more than the objects that there are."""

    def __init__(self, scenes: BusyScenes) -> None:
        self._scenes = scenes
        self._entries: dict[Key, _Entry] = {}
        self._lines: dict[Priority, list[tuple[int, _Entry]]] = {each: [] for each in Priority}
        self._waiting: list[tuple[float, int, _Entry]] = []
        self._behind: dict[SceneKey, deque[_Entry]] = {}
        self._numbers = count()
        self.changed = asyncio.Event()
        """Set whenever an entry came, left or may go."""

    def __len__(self) -> int:
        return len(self._entries)

    @override
    def __repr__(self) -> str:
        return f"WorkQueue({len(self)} entries, {len(self._scenes)} scenes busy)"

    def put(self, key: Key, *, scene: SceneKey, priority: Priority, due: float, now: float) -> None:
        """Add or replace the object's entry. One that stands in line already keeps its place."""
        before = self._entries.get(key)
        if before and not before.waits and due <= now and before.priority <= priority:
            return
        entry = _Entry(key, scene, priority, due, next(self._numbers))
        self._entries[key] = entry
        if due <= now:
            self._line_up(entry)
        else:
            heapq.heappush(self._waiting, (due, entry.number, entry))
        self.changed.set()

    def drop(self, key: Key) -> None:
        """Forget the object's entry, if there is one."""
        if self._entries.pop(key, None):
            self.changed.set()

    def depths(self, now: float) -> tuple[Counter[Priority], Counter[Priority]]:
        """By priority, how many are due, and how many wait until they are."""
        due = Counter(each.priority for each in self._entries.values() if each.due <= now)
        waiting = Counter(each.priority for each in self._entries.values() if each.due > now)
        return due, waiting

    def next_due(self) -> float | None:
        """When the first of those that wait is due; None when none waits."""
        while self._waiting and not self._is_live(self._waiting[0][2]):
            heapq.heappop(self._waiting)
        return self._waiting[0][0] if self._waiting else None

    def has_due(self, now: float) -> bool:
        """Whether `take` would give one."""
        self._advance(now)
        return any(self._first(priority) for priority in Priority)

    def take(self, now: float) -> Key | None:
        """The next object that may go; its scene is busy from now on."""
        self._advance(now)
        for priority in Priority:
            entry = self._first(priority)
            if entry:
                heapq.heappop(self._lines[priority])
                del self._entries[entry.key]
                self._scenes.occupy(entry.scene)
                return entry.key
        return None

    def _return(self, scene: SceneKey) -> None:
        """Those behind the scene take their places again."""
        for entry in self._behind.pop(scene, ()):
            if self._is_live(entry):
                self._line_up(entry)
        self.changed.set()

    def _is_live(self, entry: _Entry) -> bool:
        return self._entries.get(entry.key) is entry

    def _line_up(self, entry: _Entry) -> None:
        entry.waits = False
        heapq.heappush(self._lines[entry.priority], (entry.number, entry))

    def _advance(self, now: float) -> None:
        while (due := self.next_due()) is not None and due <= now:
            self._line_up(heapq.heappop(self._waiting)[2])

    def _first(self, priority: Priority) -> _Entry | None:
        """The first in line that may go; those whose scene is busy step behind it."""
        line = self._lines[priority]
        while line:
            entry = line[0][1]
            if not self._is_live(entry):
                heapq.heappop(line)
            elif self._scenes.is_busy(entry.scene):
                self._step_behind(heapq.heappop(line)[1])
            else:
                return entry
        return None

    def _step_behind(self, entry: _Entry) -> None:
        if entry.scene not in self._behind:
            self._scenes.when_free(entry.scene, self._return)
        self._behind.setdefault(entry.scene, deque()).append(entry)
