"""An event loop in a thread of its own, for what must not take time from the calls."""

import asyncio
import logging
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

CLOSE_S = 10.0
"""What hasn't ended by then ends with the process."""

ECHO_S = 10.0


class WatchStuck(Exception):  # noqa: N818 (named for what is the case)
    """The thread does nothing any more, and nothing but a new process mends that."""


class WatchLoop:
    """Runs what it is given beside the loop that uses it, within its context."""

    def __init__(self) -> None:
        self._began = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="watch", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    async def __aenter__(self) -> Self:
        self._thread.start()
        await asyncio.to_thread(self._began.wait)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancel what still runs, and wait for its end, but not for ever."""
        self._loop.call_soon_threadsafe(self._stop.set)
        await asyncio.to_thread(self._thread.join, CLOSE_S)
        if self._thread.is_alive():
            log.warning("The watch didn't end in time", extra={"seconds": CLOSE_S})

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives or raises; it is cancelled with the one that waits for it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def until_stuck(self, patience_s: float) -> None:
        """Raises WatchStuck when no sign came for so long."""
        while True:
            await asyncio.sleep(ECHO_S)
            if not await self._echoes(patience_s) and not await self._echoes(ECHO_S):
                raise WatchStuck(f"no sign of life for {patience_s:.0f} s")

    async def _echoes(self, within_s: float) -> bool:
        """Asked twice: a process that was paused finds its time over and the answer on its way."""
        try:
            async with asyncio.timeout(within_s):
                await self.run(asyncio.sleep(0))
        except TimeoutError:
            return False
        return True

    def _serve(self) -> None:
        asyncio.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._began.set()
        await self._stop.wait()
