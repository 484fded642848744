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


class TaskEnded(Exception):  # noqa: N818 (named for what happened)
    """A task that was to go on for as long as the process ended by itself."""


async def all_go_on(*tasks: asyncio.Task[Any]) -> None:
    """While none of the tasks ends: the first that does ends this, with what it raised.

    Raises TaskEnded where it raised nothing. The tasks are not cancelled.
    """
    ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in ended:
        task.result()
        raise TaskEnded(task.get_name())


async def cancelled(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks, and return when all have ended; raises what one of them raised before."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            task.result()
