"""What the README's table says of each reason."""

import re

from caster_scene_audio.domain.reasons import Reason
from tests.support.cluster.cluster import ROOT

CONDITIONS = ("Ready", "Reconciling", "Stalled", "Suspended")


def documented_reasons() -> set[str]:
    return {name for row in _rows() for name in _names(row)}


def documented_conditions(reason: Reason) -> set[str]:
    """The conditions in which a status has it; none where the table has no row for it."""
    told = [row[2] for row in _rows() if reason in _names(row)]
    return {each for each in CONDITIONS for words in told if each in words}


def _rows() -> list[list[str]]:
    table = (ROOT / "README.md").read_text().partition("| reason | condition |")[2]
    return [line.split("|") for line in table.partition("\n\n")[0].splitlines()[1:]]


def _names(row: list[str]) -> list[str]:
    return re.findall("`([A-Z][A-Za-z]+)`", row[1])
