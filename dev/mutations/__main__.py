"""A sample of small defects, each run by the two machines of the simulation alone.

    python -m dev.mutations --count 40 --seed 2026

Prints the seed, each defect with what became of it, and how many were found. Log and metric calls are
left out: without them nothing wrong is called.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom

from dev.mutations.defects import Defect, defects_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "operator" / "caster_scene_audio"
MACHINES = ("calm", "studios")
LONGEST_S = 600
"""A machine that takes longer stands still by the defect."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--examples", type=int, default=120, help="of each machine")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    arguments = parser.parse_args()
    everywhere = list(_everywhere())
    # A sample that anyone can draw again.
    chosen = Random(arguments.seed).sample(everywhere, arguments.count)  # noqa: S311
    print(f"seed {arguments.seed}, {len(everywhere)} places", flush=True)
    found = 0
    for number, defect in enumerate(chosen, 1):
        by = _found_by(defect, arguments.examples)
        found += by is not None
        print(f"{number} {defect}: {by or 'SURVIVED'}", flush=True)
    print(f"{found} of {arguments.count} found")


def _everywhere() -> Iterator[Defect]:
    for room in ("domain", "reconciler"):
        for file in sorted((PACKAGE / room).glob("*.py")):
            yield from defects_of(file)


def _found_by(defect: Defect, examples: int) -> str | None:
    """The machine that found it; None where none did."""
    with tempfile.TemporaryDirectory() as directory:
        operator = Path(directory) / "operator"
        shutil.copytree(ROOT / "operator", operator)
        (operator / defect.file.relative_to(ROOT / "operator")).write_text(defect.put())
        return next((each for each in MACHINES if _fails(operator, each, examples)), None)


def _fails(operator: Path, machine: str, examples: int) -> bool:
    asked = ("--machine", machine, "--examples", f"{examples}", "--seed", "1")
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.support.simulation", *asked],
            cwd=ROOT,
            env={"PYTHONPATH": f"{operator}:.", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=False,
            timeout=LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode != 0


if __name__ == "__main__":
    main()
