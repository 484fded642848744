"""The commands that the documents show, as they are written there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.cluster.cluster import ROOT

PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "charts").glob("*/*.md"),
    ]
)
BEGINS = re.compile(
    r"(\$ \S|--[a-z]|\.venv/|\.ci/|export |source |mkdir |[A-Z_]+=|\$E2E_"
    r"|(kubectl|helm|make|docker|kind|curl|git|caster-scene-audio|live-emulator) )"
)
"""What the first line of a block of commands begins with."""
FENCES = ("bash", "sh")


INLINE = re.compile(r"`((?:kubectl|helm) [^`]*)`")
LONG = 4
"""Words of a command within a sentence; a shorter one only names what it does."""


@dataclass(frozen=True)
class Block:
    """Commands that stand together, each on one line, without comments and prompts."""

    page: Path
    commands: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}"


def blocks_of(page: Path) -> list[Block]:
    """Those that stand by themselves, then those within sentences."""
    text = page.read_text()
    inline = (" ".join(each.split()) for each in INLINE.findall(text))
    return [
        *(Block(page, tuple(_commands(block))) for block in _blocks(text)),
        *(Block(page, (each,)) for each in inline if len(each.split()) >= LONG),
    ]


def _blocks(text: str) -> Iterator[str]:
    """Fenced ones of a shell, and indented ones that begin as a command does."""
    parts = re.split(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    for outside, language, inside in zip(
        parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True
    ):
        for block in re.findall(r"(?:(?<=\n\n)|^)((?:    .*\n)+)", outside):
            dedented = re.sub(r"^    ", "", block, flags=re.MULTILINE)
            if BEGINS.match(dedented):
                yield dedented
        if language in FENCES:
            yield inside


def _commands(block: str) -> Iterator[str]:
    """A session has commands where its prompt is, and what they print between."""
    is_session = block.startswith("$ ")
    for line in re.sub(r"\\\n\s*", " ", block).splitlines():
        text = re.sub(r"(^|\s+)# .*$", "", line)
        if is_session:
            text = text.removeprefix("$ ") if line.startswith("$ ") else ""
        if text.strip():
            yield text.strip()
