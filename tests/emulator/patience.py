"""Waiting for what happens in the emulator beside the test."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool]) -> None:
    """The test's own time limit ends a wait in vain."""
    while not holds():  # noqa: ASYNC110 (the emulator doesn't signal what a test looks at)
        await asyncio.sleep(0.001)
