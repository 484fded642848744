"""The files that a person names, read as kubectl reads them."""

import codecs
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from caster_scene_audio.commands.manifest.findings import Finding, Place

STANDARD_INPUT = "-"
SUFFIXES = {".yaml", ".yml", ".json"}
"""What is read of a folder; a file that is named is read whatever it is called."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    name: str
    content: bytes

    def text(self) -> str | Finding:
        """The text without its mark of the encoding; a finding where the bytes are no text."""
        for mark, encoding in _MARKS:
            if self.content.startswith(mark):
                return self._decoded(self.content[len(mark) :], encoding)
        return self._decoded(self.content, "utf-8")

    def _decoded(self, content: bytes, encoding: str) -> str | Finding:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            before = content[: error.start].decode(encoding, errors="replace")
            return Finding(
                file=self.name,
                place=Place(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1),
                rule="encoding",
                field="",
                message=f"this byte is not {encoding.upper()}",
                write="the file in UTF-8: your editor's “Save with encoding” does that",
            )


def read_all(names: Sequence[str]) -> Iterator[SourceFile]:
    """Folders are read with all that is below them, in order. Raises OSError."""
    for name in names:
        if name == STANDARD_INPUT:
            yield SourceFile("<stdin>", sys.stdin.buffer.read())
            continue
        for path in _files(Path(name)):
            yield SourceFile(f"{path}", path.read_bytes())


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for below in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in below.relative_to(path).parts)
        if below.suffix in SUFFIXES and below.is_file() and not hidden:
            yield below
