"""Refreshes while 50 callers want credentials: one fetch each, and the event loop never waits."""

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.support.running.token_service import TokenService, token_service
from tests.support.tools.steady_loop import guarded

SLOW_S = 1.0
"""How long each fetch takes: long enough for the callers to meet it."""

KEYS = 3


async def seen_by_callers(tokens: TokenService) -> dict[str, Any]:
    """In a process in which a call that blocks the loop is an error, and so a failed fetch."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.credentials.steadiness_probe", str(KEYS),
        env=guarded(tokens.environ), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(out)
    return found


async def test_fifty_callers_and_refreshes_never_block_the_loop(tmp_path: Path) -> None:
    base = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    async with token_service(tmp_path, base) as tokens:
        tokens.delay_s = SLOW_S
        tokens.lifetime = timedelta(minutes=15, seconds=1)  # good for a second to the library

        found = await seen_by_callers(tokens)

        assert found["failures"] == 0
        assert found["seen"] == [key.access_key_id for key in tokens.issued[:KEYS]]
        assert 0 <= len(tokens.requests) - KEYS <= 1  # the last may be under way
        assert tokens.most_in_flight == 1
