"""What the demonstration prints: headings, sentences, commands with what they give, tables."""

import os
import shlex
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TextIO

WIDTH = 96
INDENT = "  "
GAP = "   "

BOLD, DIM, GREEN, RED, CYAN = "1", "2", "32", "31", "36"


class Terminal:
    """Plain text; in colour only where a person watches and has not said NO_COLOR."""

    def __init__(self, out: TextIO = sys.stdout, *, no_color: bool | None = None) -> None:
        self._out = out
        refused = bool(os.environ.get("NO_COLOR")) if no_color is None else no_color
        self._after_gap = True
        self._colour = out.isatty() and not refused

    def heading(self, text: str) -> None:
        self._gap()
        self._line(self._painted(text, BOLD))
        self._line()

    def say(self, text: str) -> None:
        """A sentence or two, wrapped."""
        for line in textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False):
            self._line(line)

    def aside(self, line: str) -> None:
        """What goes on behind the scenes."""
        self._line(self._painted(line, DIM))

    def command(self, words: Sequence[str], stdin: str | None = None) -> None:
        """As a user would type it."""
        line = shlex.join(words)
        text = f"{line} <<'END'\n{stdin.rstrip()}\nEND" if stdin else line
        first, *rest = text.splitlines()
        self._gap()
        self._line(f"{INDENT}$ {self._painted(first, CYAN)}")
        for more in rest:
            self._line(f"{INDENT}{self._painted(more, CYAN)}")

    def output(self, text: str) -> None:
        for line in text.rstrip().splitlines():
            self._line(f"{INDENT}{line}".rstrip())
        self._gap()

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        lines = [header, *rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        self._gap()
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self._line(f"{INDENT}{GAP.join(cells)}".rstrip())
        self._line()

    def passed(self, text: str) -> None:
        self._line(f"{self._painted('✓', GREEN)} {text}")

    def failed(self, text: str) -> None:
        self._line(f"{self._painted('✗', RED)} {text}")

    def plain(self, text: str) -> None:
        """To be copied as it stands."""
        self._line(text)

    def _painted(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colour and text else text

    def _gap(self) -> None:
        """An empty line, but never two."""
        if not self._after_gap:
            self._line()

    def _line(self, text: str = "") -> None:
        self._after_gap = not text
        print(text, file=self._out, flush=True)
