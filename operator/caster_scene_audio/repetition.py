"""Troubles that return: the first are told, the others counted, so that no log fills a disk."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from typing_extensions import override

WINDOW_S = 60.0
"""So long the same trouble is only counted, once it was told as often as it may be."""

OURS, OTHERS = 100, 1
"""How often in a window the operator's own sentences are told, of whichever object; and others'."""

REMEMBERED = 1000
"""Troubles that are told apart; the one that was met first is forgotten first."""

_Trouble = tuple[str, int, str]
"""Logger, level and sentence: not what it is about, for tenants make many of that."""


@dataclass(slots=True)
class _Window:
    began_at: float
    told: int = 0
    counted: int = 0


class Repetition(logging.Filter):
    """Lets a warning or error through as often as it may be told in a window; whoever tells it.

    The first in the next window has `repeated`: how many were counted, and not told. Threads may
    log at once. What is critical always passes, and so does what is no trouble.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: monotonic seconds."""
        super().__init__()
        self._clock = clock
        self._windows: OrderedDict[_Trouble, _Window] = OrderedDict()
        self._lock = Lock()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if not logging.WARNING <= record.levelno < logging.CRITICAL:
            return True
        with self._lock:
            repeated = self._repeated(record)
        if repeated:
            record.repeated = repeated
        return repeated is not None

    def _repeated(self, record: logging.LogRecord) -> int | None:
        """How many of its kind were not told before it; None: neither is this one."""
        sentence = str(record.msg).partition("\n")[0]
        window, counted = self._window((record.name, record.levelno, sentence))
        is_ours = record.name.startswith("caster_scene_audio")
        if window.told >= (OURS if is_ours else OTHERS):
            window.counted += 1
            return None
        window.told += 1
        return counted

    def _window(self, trouble: _Trouble) -> tuple[_Window, int]:
        """That of now, and how many the one before only counted where this one is new."""
        now = self._clock()
        window = self._windows.get(trouble)
        if window is not None and now - window.began_at < WINDOW_S:
            return window, 0
        counted = window.counted if window else 0
        self._windows[trouble] = fresh = _Window(now)
        if len(self._windows) > REMEMBERED:
            self._windows.popitem(last=False)
        return fresh, counted
