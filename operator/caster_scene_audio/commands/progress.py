"""How far a command has come: a bar at a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, TextIO

AFTER_S = 1.0
"""What is done sooner shows no bar."""

LINE_EVERY_S = 30.0
"""Where no one looks on, such as in the log of a job."""


class Progress:
    """Counts what is done. `total` may become known later; None: it is not known."""

    def __init__(
        self, what: str, words: TextIO, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._what = what
        self._words = words
        self._clock = clock
        self._shown_from = clock() + (AFTER_S if words.isatty() else LINE_EVERY_S)
        self._bar: Any = None
        self.total: int | None = None
        self.done = 0

    def advance(self) -> None:
        """One more is done."""
        self.done += 1
        if self._bar is not None:
            self._bar.show(self.done, self.total)
        elif self._clock() >= self._shown_from:
            self._show()

    def say(self, text: str) -> None:
        """A line; above the bar, where there is one."""
        if self._bar is None:
            print(text, file=self._words)
        else:
            self._bar.say(text)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def _show(self) -> None:
        if self._words.isatty():
            # What draws it takes a tenth of a second to load.
            bar = import_module("caster_scene_audio.commands.progress_bar")
            self._bar = bar.Bar(self._what, self._words)
            self._bar.show(self.done, self.total)
            return
        self._shown_from = self._clock() + LINE_EVERY_S
        of = "" if self.total is None else f" of {self.total}"
        self.say(f"{self._what}: {self.done}{of}")
