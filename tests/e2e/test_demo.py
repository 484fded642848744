import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.documents.commands import blocks_of
from tests.support.documents.ways import DEMO
from tests.support.tools.patience import eventually

ROOT = Path(__file__).parents[2]
SOURCED = ROOT / ".cache" / "demo.sh"

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


def test_what_the_readme_says_to_try_works_while_the_demonstration_stays_up(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    [block] = [each for each in blocks_of(ROOT / "README.md") if DEMO in each.commands]
    log = tmp_path / "demo.log"
    with log.open("wb") as shown:
        demo = subprocess.Popen(
            [sys.executable, "-m", "dev.demo"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "DEMO_ONCE"},
            stdout=shown,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(lambda: SOURCED.exists() or demo.poll() is not None, within_s=90)
            eventually(lambda: "The operator's log" in log.read_text() or demo.poll() is not None)
            tried = subprocess.run(  # noqa: S603 (the commands of our own README)
                ["bash", "-euo", "pipefail", "-c", "\n".join(block.commands)],  # noqa: S607
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=110,
                check=False,
            )
        finally:
            demo.send_signal(signal.SIGINT)
            ended = demo.wait(timeout=60)

    assert tried.returncode == 0, f"{tried.stdout}{tried.stderr}{log.read_text()[-3000:]}"
    assert "ResourceInChannel" in tried.stdout or "condition met" in tried.stdout
    assert ended == 0, log.read_text()[-3000:]
    assert not SOURCED.exists()
