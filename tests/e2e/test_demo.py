import os
import subprocess
import sys
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.control_plane


def test_the_demonstration_holds_every_step_and_ends_by_itself(
    control_plane: ControlPlane,
) -> None:
    """It brings up its own control plane; the fixture sees to it that the binaries are there."""
    shown = subprocess.run(
        [sys.executable, "-m", "dev.demo"],
        cwd=ROOT,
        env={**os.environ, "DEMO_ONCE": "1"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert shown.returncode == 0, shown.stdout[-4000:] + shown.stderr[-2000:]
    assert "ResourceInChannel" in shown.stdout
