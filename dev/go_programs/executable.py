"""Files that can be run."""

import os
import subprocess
from pathlib import Path

from dev.go_programs.failure import NoBinariesError


def executable(path: Path) -> Path | None:
    """Its absolute path, unless it can't be run."""
    return path.absolute() if path.is_file() and os.access(path, os.X_OK) else None


def version_of(binary: Path, *arguments: str) -> str:
    """The last word that it answers; raises NoBinariesError where it doesn't run."""
    answer = subprocess.run([f"{binary}", *arguments], capture_output=True, text=True, check=False)
    if answer.returncode:
        raise NoBinariesError(f"{binary} does not run: {answer.stderr.strip()}")
    return answer.stdout.strip().rpartition(" ")[2]
