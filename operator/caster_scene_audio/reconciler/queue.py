"""The keyed queue: one entry for each object, by priority; namespaces take turns.

Within a namespace it is first come, first served.
"""

import asyncio
import heapq
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from typing_extensions import override

from caster_scene_audio.domain.decision import Priority
from caster_scene_audio.domain.spec import SceneAudioSpec

Key = str
"""The uid of an object."""

SceneKey = tuple[str, ...]
"""Caster and scene, where it matters with the account before: never two calls at once for one."""


def scene_key(spec: SceneAudioSpec) -> SceneKey:
    return spec.caster_id, spec.scene_id


@dataclass(slots=True, eq=False)
class _Entry:
    key: Key
    namespace: str
    scene: SceneKey
    priority: Priority
    number: int


_Line = list[tuple[int, _Entry]]


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
        self._lines: dict[Priority, OrderedDict[str, _Line]] = {
            each: OrderedDict() for each in Priority
        }
        """Of each namespace a line; whose turn it is stands first."""
        self._behind: dict[SceneKey, deque[_Entry]] = {}
        self._numbers = count()
        self._changed = asyncio.Event()
        """Set whenever an entry came or may go."""

    def __len__(self) -> int:
        return len(self._entries)

    @override
    def __repr__(self) -> str:
        return f"WorkQueue({len(self)} entries, {len(self._scenes)} scenes busy)"

    @property
    def depths(self) -> Counter[Priority]:
        """How many are in line, by priority."""
        return Counter(each.priority for each in self._entries.values())

    def put(self, key: Key, *, scene: SceneKey, priority: Priority, namespace: str = "") -> None:
        """Add or replace the object's entry. One that is in line already keeps its place."""
        before = self._entries.get(key)
        if before and before.priority <= priority:
            return
        entry = self._entries[key] = _Entry(key, namespace, scene, priority, next(self._numbers))
        self._line_up(entry)
        self._changed.set()

    def drop(self, key: Key) -> None:
        """Forget the object's entry, if there is one."""
        self._entries.pop(key, None)

    async def until_due(self) -> None:
        """Wait until `take` would give one."""
        while not any(self._first(priority) for priority in Priority):
            self._changed.clear()
            await self._changed.wait()

    def take(self) -> Key | None:
        """The next object that may go; its scene is busy from now on."""
        for priority in Priority:
            if entry := self._first(priority):
                lines = self._lines[priority]
                heapq.heappop(lines[entry.namespace])
                lines.move_to_end(entry.namespace)
                del self._entries[entry.key]
                self._scenes.occupy(entry.scene)
                return entry.key
        return None

    def _return(self, scene: SceneKey) -> None:
        """Those behind the scene take their places again."""
        for entry in self._behind.pop(scene, ()):
            if self._is_live(entry):
                self._line_up(entry)
        self._changed.set()

    def _is_live(self, entry: _Entry) -> bool:
        return self._entries.get(entry.key) is entry

    def _line_up(self, entry: _Entry) -> None:
        line = self._lines[entry.priority].setdefault(entry.namespace, [])
        heapq.heappush(line, (entry.number, entry))

    def _first(self, priority: Priority) -> _Entry | None:
        """The first that may go, of the namespace whose turn it is."""
        lines = self._lines[priority]
        while lines:
            namespace, line = next(iter(lines.items()))
            if entry := self._first_of(line):
                return entry
            del lines[namespace]
        return None

    def _first_of(self, line: _Line) -> _Entry | None:
        """Those whose scene is busy step behind it."""
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
