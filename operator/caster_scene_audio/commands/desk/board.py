"""The scenes as they are known now, and what those that watch were told of them."""

import asyncio
from typing import Any

from caster_scene_audio.commands.desk.scene_view import View


class Board:
    """By key; whoever watches is woken by each change."""

    def __init__(self) -> None:
        self._views: dict[str, View] = {}
        self._watchers: set[Watcher] = set()

    def __len__(self) -> int:
        return len(self._views)

    def put(self, view: View) -> None:
        key = view["key"]
        if self._views.get(key) != view:
            self._views[key] = view
            self._tell(key)

    def remove(self, key: str) -> None:
        if self._views.pop(key, None) is not None:
            self._tell(key)

    def keep(self, keys: set[str]) -> None:
        """All others are gone."""
        for key in self._views.keys() - keys:
            self.remove(key)

    def watcher(self) -> "Watcher":
        made = Watcher(self._views)
        self._watchers.add(made)
        return made

    def leave(self, watcher: "Watcher") -> None:
        self._watchers.discard(watcher)

    def _tell(self, key: str) -> None:
        for each in self._watchers:
            each.note(key)


class Watcher:
    """One that watches: it is told the newest of what changed, however slow it is."""

    def __init__(self, views: dict[str, View]) -> None:
        self._views = views
        self._changed: dict[str, None] = {}
        self._is_first = True
        self._news = asyncio.Event()
        self._news.set()

    def note(self, key: str) -> None:
        self._changed[key] = None
        self._news.set()

    async def news(self) -> dict[str, Any]:
        """Wait for the next; the first has all that there is."""
        await self._news.wait()
        self._news.clear()
        is_first, self._is_first = self._is_first, False
        keys = sorted(self._views) if is_first else [*self._changed]
        self._changed.clear()
        return {
            "all": is_first,
            "put": [self._views[key] for key in keys if key in self._views],
            "removed": [key for key in keys if key not in self._views],
        }
