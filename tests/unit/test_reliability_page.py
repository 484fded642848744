"""docs/reliability.md promises nothing that no test holds."""

import re

import pytest

from tests.support.chaos.kinds import KINDS
from tests.support.cluster.cluster import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text()
PROMISES: list[list[str]] = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| promised", "| ---"))
]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_the_page_names_exists(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / "tests" / file).read_text()


def test_each_promise_has_a_test() -> None:
    held_by = dict(PROMISES)

    assert len(held_by) > 30
    assert [promise for promise, tests in held_by.items() if "::test_" not in tests] == []


def test_the_page_counts_the_kinds_of_faults() -> None:
    assert f"{len(KINDS)} kinds of faults" in PAGE
    assert len({kind.name for kind in KINDS}) == len(KINDS)
