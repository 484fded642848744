"""Which tasks a piece of work has begun, its own and those that others began for it."""

import asyncio
from contextvars import ContextVar
from typing import Any

_offspring: ContextVar[set[asyncio.Task[Any]]] = ContextVar("offspring")


def kept_offspring() -> set[asyncio.Task[Any]]:
    """From now on holds each task that is begun by the current one or by its offspring.

    While it runs, that is. The loop is told to note them: nothing else knows whose a task is.
    """
    loop = asyncio.get_running_loop()
    if loop.get_task_factory() is not _begin:
        loop.set_task_factory(_begin)
    tasks: set[asyncio.Task[Any]] = set()
    _offspring.set(tasks)
    return tasks


def _begin(loop: asyncio.AbstractEventLoop, work: Any, /, **more: Any) -> asyncio.Task[Any]:
    task = asyncio.Task(work, loop=loop, **more)
    tasks = _offspring.get(None)
    if tasks is not None:
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    return task
