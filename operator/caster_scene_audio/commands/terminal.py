"""Where a command writes: data to standard output, words to standard error."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

RED, YELLOW, GREEN, BOLD = "31", "33", "32", "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    data: TextIO
    words: TextIO
    environ: Mapping[str, str]

    def put(self, text: str) -> None:
        """A line of data."""
        print(text, file=self.data)

    def say(self, text: str) -> None:
        """A line for the person at the terminal."""
        print(text, file=self.words)

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
