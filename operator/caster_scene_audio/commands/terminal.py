"""Where a command writes: data to standard output, words to standard error."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from caster_scene_audio.commands.progress import Progress

RED, YELLOW, GREEN, BOLD = "31", "33", "32", "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    data: TextIO
    words: TextIO
    environ: Mapping[str, str]
    _shown: list[Progress] = field(default_factory=list)
    """What is under way, so that words don't run into its bar."""

    def put(self, text: str) -> None:
        """A line of data. Where it meets a bar on the same screen, it stands above it."""
        if self._shown and self.data.isatty() and self.words.isatty():
            self._shown[-1].say(text)
        else:
            print(text, file=self.data)

    def say(self, text: str) -> None:
        """A line for the person at the terminal."""
        if self._shown:
            self._shown[-1].say(text)
        else:
            print(text, file=self.words)

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """Shows how far it has come, if it takes longer than a second."""
        shown = Progress(what, self.words)
        self._shown.append(shown)
        try:
            yield shown
        finally:
            self._shown.remove(shown)
            shown.close()

    def coloured(self, text: str, colour: str) -> str:
        """In colour on a terminal only, and never where NO_COLOR says something."""
        if self.environ.get("NO_COLOR") or not self.data.isatty():
            return text
        return f"\x1b[{colour}m{text}\x1b[0m"


def standard(environ: Mapping[str, str]) -> Terminal:
    """The process's own streams, in UTF-8 whatever the locale is."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return Terminal(data=sys.stdout, words=sys.stderr, environ=environ)
