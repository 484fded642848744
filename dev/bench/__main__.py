"""Measures the operator on this machine: a real control plane, the emulator, and it as a process.

The table goes to standard output. Each figure is the median of the rounds. The rounds of what is
compared take turns, so that whatever else the machine does is shared.
"""

import argparse
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dev.bench.figures import QUICK, Figures, Size, middle, report, table
from dev.bench.round import Round
from dev.bench.subjects import Checkout, FirstDraft, Subject
from dev.control_plane.binaries import find_binaries
from dev.control_plane.failure import ControlPlaneError
from dev.control_plane.plane import ControlPlane
from dev.go_programs.failure import NoBinariesError
from dev.progress import to_stderr

ROOT = Path(__file__).parents[2]


def main() -> int:
    given = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM):  # a job in the background ignores SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        found = _measured(_size(given), _subjects(given))
    except (ControlPlaneError, NoBinariesError, TimeoutError) as error:
        to_stderr(f"{error}")
        return 1
    except KeyboardInterrupt:
        to_stderr("Interrupted.")
        return 130
    print(table(found))
    if given.json:
        given.json.write_text(f"{json.dumps(found, indent=2)}\n")
    return 0


def _arguments() -> argparse.Namespace:
    made = argparse.ArgumentParser(prog="python -m dev.bench", description=__doc__)
    made.add_argument("--quick", action="store_true", help="two minutes: less of everything")
    made.add_argument(
        "--against", type=Path, metavar="PATH", help="another checkout to compare with"
    )
    made.add_argument(
        "--first-draft",
        action="store_true",
        help="compare with an operator of kopf handlers and the official SDK, without a quota",
    )
    made.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    for name, what in (
        ("objects", "many objects, for memory and the restart (2000)"),
        ("few", "objects for the processor time without a quota (300)"),
        ("waiting", "objects that wait for the quota (200)"),
        ("changes", "changes for the time to a call (50)"),
        ("rounds", "rounds of each checkout (2)"),
        ("watched-s", "seconds that a restarted operator is watched (20)"),
    ):
        made.add_argument(f"--{name}", type=int, metavar="N", help=what)
    return made.parse_args()


def _size(given: argparse.Namespace) -> Size:
    asked = {name: getattr(given, name) for name in Size.__dataclass_fields__ if name != "many"}
    asked["many"] = given.objects
    chosen = {name: value for name, value in asked.items() if value is not None}
    return replace(QUICK if given.quick else Size(), **chosen)


def _subjects(given: argparse.Namespace) -> dict[str, Subject]:
    """What is measured, ours first."""
    subjects: dict[str, Subject] = {"here": Checkout(ROOT)}
    if given.against:
        subjects["against"] = Checkout(given.against.resolve())
    if given.first_draft:
        subjects["first draft"] = FirstDraft()
    return subjects


def _measured(size: Size, subjects: Mapping[str, Subject]) -> dict[str, object]:
    rounds: dict[str, list[Figures]] = {title: [] for title in subjects}
    with ControlPlane(find_binaries(say=to_stderr), say=to_stderr) as plane:
        plane.kubectl("apply", "-f", f"{ROOT / 'crds'}", "-f", f"{ROOT / 'deploy' / 'rbac.yaml'}")
        plane.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        for number in range(size.rounds):
            for title, subject in subjects.items():
                to_stderr(f"Round {number + 1} of {size.rounds}: {title}")
                rounds[title].append(Round(plane, subject, size).figures())
    return report(size, {title: middle(each) for title, each in rounds.items()})


if __name__ == "__main__":
    sys.exit(main())
