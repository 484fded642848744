"""The programs that the commands of a cluster may want, from what the project has anyway."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from dev.control_plane.go_module import components
from dev.go_programs.toolchain import find_go
from dev.progress import Say


def path_with_tools(
    environment: Mapping[str, str], *, kubectl: Path, go_cache: Path, say: Say
) -> str:
    """The PATH, with kubectl and Go at its end where it has none; raises NoBinariesError."""
    path = environment.get("PATH", "")
    if shutil.which("kubectl", path=path) is None:
        path = os.pathsep.join([path, f"{kubectl.parent}"])
    if shutil.which("go", path=path) is None:
        go = find_go(
            components(), environment, cache=go_cache, python=Path(sys.executable), say=say
        )
        path = os.pathsep.join([path, f"{go.parent}"])
    return path
