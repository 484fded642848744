"""Chooses the Prometheus: one that is named, the machine's own, or Debian's package."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.go_programs.executable import executable
from dev.go_programs.failure import NoBinariesError
from dev.progress import Say
from dev.prometheus.debian import unpacked

NAMED = "PROMETHEUS"


@dataclass(frozen=True, slots=True)
class PrometheusBinaries:
    prometheus: Path
    promtool: Path


def find_prometheus(environment: Mapping[str, str] = os.environ, *, say: Say) -> PrometheusBinaries:
    """Raises NoBinariesError, whose message says what to do."""
    if named := environment.get(NAMED):
        return _named(Path(named))
    path = environment.get("PATH", "")
    own, tool = shutil.which("prometheus", path=path), shutil.which("promtool", path=path)
    if own and tool:
        return PrometheusBinaries(Path(own), Path(tool))
    folder = unpacked(environment, say=say)
    return PrometheusBinaries(folder / "prometheus", folder / "promtool")


def _named(path: Path) -> PrometheusBinaries:
    prometheus, promtool = executable(path), executable(path.with_name("promtool"))
    if prometheus is None or promtool is None:
        missing = path if prometheus is None else path.with_name("promtool")
        raise NoBinariesError(
            f"{NAMED} is {path}, but {missing} is no executable file. Name another, or unset"
            f" {NAMED}: the machine's own is then used, or Debian's package."
        )
    return PrometheusBinaries(prometheus, promtool)
