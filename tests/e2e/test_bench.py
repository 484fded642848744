"""`make bench` measures this checkout beside the first draft, and says so as a table and as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dev.bench.figures import NAMES

ROOT = Path(__file__).parents[2]
LITTLE = ["--few=5", "--waiting=12", "--objects=6", "--changes=2", "--rounds=1", "--watched-s=1"]

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.usefixtures("control_plane"),
    pytest.mark.timeout(400),
]


def test_every_figure_is_taken_and_compared_where_the_first_draft_has_it(tmp_path: Path) -> None:
    written = tmp_path / "figures.json"

    ended = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "dev.bench", *LITTLE, "--first-draft", "--json", f"{written}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=380,
    )

    assert ended.returncode == 0, ended.stderr
    figures = json.loads(written.read_text())["figures"]
    assert figures.keys() == NAMES.keys()
    assert all(figure["here"] is not None for figure in figures.values())
    assert figures["waiting_throttled"]["here"] == figures["restart_calls"]["here"] == 0
    # Twelve at ten a second: two of them wait for a slot. The draft calls without waiting.
    assert figures["waiting_spread_s"]["here"] > 0
    assert figures["few_rss_mb"]["first draft"] > 0
    assert figures["waiting_spread_s"]["first draft"] is None
    assert len(ended.stdout.splitlines()) == 2 + len(NAMES)
