"""A command as a process."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    data: str
    words: str


def command(*arguments: str | Path, given: bytes = b"", cwd: Path = ROOT, **environ: str) -> Ended:
    """Run it to its end."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "caster_scene_audio", *map(str, arguments)],
        input=given,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'operator'}", **environ},
        check=False,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
