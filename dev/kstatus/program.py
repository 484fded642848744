"""The program that tells the kstatus of objects, built once for a machine."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dev.go_programs.build import built
from dev.go_programs.executable import executable
from dev.go_programs.failure import NoBinariesError
from dev.go_programs.program import GoProgram, required_version
from dev.progress import Say

NAMED = "KSTATUS"
MODULE = Path(__file__).parent / "module"


def find_kstatus(
    environment: Mapping[str, str] = os.environ,
    *,
    say: Say,
    python: Path = Path(sys.executable),
) -> Path:
    """Raises NoBinariesError, whose message says what to do."""
    if named := environment.get(NAMED):
        if found := executable(Path(named)):
            return found
        raise NoBinariesError(
            f"{NAMED} is {named}, but that is no executable file. Name another, or unset {NAMED}:"
            " it is then built from source."
        )
    program = kstatus_program()
    return built(program, environment, python=python, say=say) / program.binary


def kstatus_program() -> GoProgram:
    version = required_version(MODULE, "github.com/fluxcd/cli-utils")
    return GoProgram(
        title=f"kstatus {version}",
        cache="kstatus",
        module=MODULE,
        package=".",
        ldflags="-s -w",
        binary="kstatus",
        takes="about a minute",
        instead=f"set {NAMED} to the program built elsewhere, from {MODULE}",
    )
