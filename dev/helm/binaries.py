"""Chooses the Helm: one that is named, what was built before, or a build."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.go_programs.build import built
from dev.go_programs.executable import executable, version_of
from dev.go_programs.failure import NoBinariesError
from dev.helm.go_modules import helm_program, helm_version, variable
from dev.progress import Say


@dataclass(frozen=True, slots=True)
class HelmBinary:
    path: Path
    version: str


def find_helm(
    major: int,
    environment: Mapping[str, str] = os.environ,
    *,
    say: Say,
    python: Path = Path(sys.executable),
) -> HelmBinary:
    """Raises NoBinariesError, whose message says what to do."""
    if named := environment.get(variable(major)):
        return _named(major, Path(named))
    program = helm_program(major)
    folder = built(program, environment, python=python, say=say)
    return HelmBinary(folder / program.binary, helm_version(major))


def _named(major: int, path: Path) -> HelmBinary:
    name = variable(major)
    otherwise = f"Name another, or unset {name}: Helm {major} is then built from source."
    binary = executable(path)
    if binary is None:
        raise NoBinariesError(f"{name} is {path}, but that is no executable file. {otherwise}")
    version = version_of(binary, "version", "--template={{.Version}}")
    if not version.startswith(f"v{major}."):
        raise NoBinariesError(f"{name} is {path}, but that is Helm {version}. {otherwise}")
    return HelmBinary(binary, version)
