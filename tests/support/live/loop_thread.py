"""An asynchronous server in a thread and loop of its own, for tests that wait and poll."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def in_a_thread(serving: Callable[[], AbstractAsyncContextManager[T]]) -> Iterator[T]:
    """What `serving` gives, which is entered and left in the thread's own loop."""
    started, stop = Event(), Event()
    found: list[T] = []

    async def serve() -> None:
        async with serving() as server:
            found.append(server)
            started.set()
            await asyncio.to_thread(stop.wait)

    thread = Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    try:
        assert started.wait(10)
        yield found[0]
    finally:
        stop.set()
        thread.join()
