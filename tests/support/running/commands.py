"""A command as a process."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parents[3]
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    data: str
    words: str


def command(
    *arguments: str | Path, given: bytes = b"", environ: Mapping[str, str] = NOTHING
) -> Ended:
    """Run it to its end."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "caster_scene_audio", *map(str, arguments)],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'operator'}", **environ},
        check=False,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
