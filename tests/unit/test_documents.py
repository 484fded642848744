"""What the documents point to is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cluster.cluster import ROOT

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "charts").rglob("*.md")]
)
ARCHITECTURE = ROOT / "docs" / "architecture.md"


def anchors(document: Path) -> set[str]:
    """Of its headings, as GitHub and others make them."""
    titles = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """The file that each link leads to within the repository, and the heading in it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield (document.parent / path if path else document), anchor


def module_names(text: str) -> set[str]:
    return set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    lost = [
        (str(path), anchor)
        for path, anchor in links(document)
        if not path.exists() or (anchor and anchor not in anchors(path))
    ]

    assert lost == []


def test_every_file_that_the_architecture_names_is_there() -> None:
    named = module_names(ARCHITECTURE.read_text())

    package = ROOT / "operator" / "caster_scene_audio"
    lost = [each for each in named if not {*package.glob(each), *ROOT.glob(each)}]

    assert len(named) > 40
    assert lost == []


def test_the_architecture_draws_every_room() -> None:
    picture = ARCHITECTURE.read_text().partition("```mermaid")[2].partition("```")[0]
    package = ROOT / "operator" / "caster_scene_audio"

    rooms = {
        path.stem for path in package.iterdir() if path.stem not in {"__init__", "__pycache__"}
    }

    assert {room for room in rooms if room not in picture} == set()
