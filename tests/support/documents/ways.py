"""How each command of the documents is known to work."""

import re
from enum import Enum
from pathlib import Path

from tests.support.cluster.cluster import ROOT
from tests.support.documents.commands import Block


class Way(Enum):
    MAKE = "its target is in the Makefile"
    MODULE = "its module and its files are there; what it does has tests"
    FLAGS = "the operator takes them"
    SYNOPSIS = "it says how a command is called"
    ELSEWHERE = "another test runs it"
    RUN = "it is run as it is written"


PAGES_WITH_A_TEST = {
    "docs/adopt.md": "tests/e2e/test_adopt_page.py",
    "docs/on-air.md": "tests/e2e/test_on_air_page.py",
}
PROGRAMS = (
    (r"^docker |^kind ", "tests/node"),  # an image is built for them
    (r"^git clone|^\.ci/", ".ci/run"),
    (r"\bE2E_", "dev/e2e"),
    (r"completion zsh", "tests/unit/test_completion.py"),
)
DEMO, DEMO_TEST = "source .cache/demo.sh", "tests/e2e/test_demo.py"


def way_of(block: Block, command: str) -> Way:
    if proof_of(block, command) is not None:
        return Way.ELSEWHERE
    for begins, way in (
        (r"make ", Way.MAKE),
        (r"(PYTHONPATH=\S+ )?\.venv/bin/python -m ", Way.MODULE),
        (r"--", Way.FLAGS),
        (r"caster-scene-audio .*(FILE…|\[)", Way.SYNOPSIS),
    ):
        if re.match(begins, command):
            return way
    return Way.RUN


def proof_of(block: Block, command: str) -> Path | None:
    """The test, or the program, that runs it."""
    if block.place in PAGES_WITH_A_TEST:
        return ROOT / PAGES_WITH_A_TEST[block.place]
    if DEMO in block.commands:
        return ROOT / DEMO_TEST
    proofs = (ROOT / proof for sign, proof in PROGRAMS if re.search(sign, command))
    return next(proofs, None)
