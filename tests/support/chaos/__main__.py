"""Foul weather on this machine: `python -m tests.support.chaos --rounds 20 --seed 7`.

Faults are drawn by the seed and raised, one to three at a time, while users go on with their work.
After each round all must come right within two minutes. The exit code is 0 only if it did.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

from dev.control_plane.binaries import find_binaries
from dev.control_plane.plane import ControlPlane
from tests.support.chaos.kinds import KINDS, Kind
from tests.support.chaos.storm import Storm, Trouble, told
from tests.support.chaos.theatre import theatre_on
from tests.support.tools.secret_search import RUN

MOST_ROUNDS = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    _say(f"chaos: ROUNDS={given.rounds} SEED={given.seed}")
    try:
        return _run(given)
    except KeyboardInterrupt:
        _say("Interrupted.")
        return 130


def _run(given: argparse.Namespace) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as directory,
        ControlPlane(find_binaries(say=_say)) as plane,
        theatre_on(plane, Path(directory)) as theatre,
    ):
        storm = Storm(
            theatre=theatre, seed=given.seed, kinds=given.faults, most=given.most, say=_say
        )
        try:
            storm.rage(given.rounds)
        except Trouble as trouble:
            for line in told(given.seed, trouble.ended, theatre):
                _say(line)
            return 1
    RUN.check()
    _say("All came right after every round.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--rounds", type=_count, default=20, help="how many rounds (20)")
    parser.add_argument(
        "--seed", type=int, default=SystemRandom().randrange(10**6), help="(by lot)"
    )
    parser.add_argument("--most", type=_count, default=3, help="most faults at once (3)")
    parser.add_argument(
        "--faults",
        type=_kind,
        nargs="+",
        default=KINDS,
        metavar="KIND",
        help=f"only these kinds of {', '.join(each.name for each in KINDS)}",
    )
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_ROUNDS:
        raise argparse.ArgumentTypeError(f"from 1 to {MOST_ROUNDS}")
    return number


def _kind(name: str) -> Kind:
    found = next((each for each in KINDS if each.name == name), None)
    if found is None:
        raise argparse.ArgumentTypeError(f"there is no kind {name!r}")
    return found


if __name__ == "__main__":
    sys.exit(main())
