"""How work ends: on its own, or because a stop was asked for."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any


async def first_of(stopping: asyncio.Task[Any], work: Coroutine[Any, Any, None]) -> None:
    """Until the one is done or the other; what is left of the work is cancelled."""
    task = asyncio.create_task(work)
    await asyncio.wait({stopping, task}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    await cancelled(task)


async def cancelled(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks, and return when they have ended."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
