"""The work that is under way, at most one task for an object."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial

log = logging.getLogger(__name__)

AFTER_DEFECT_S = 60.0
"""An object on which the operator itself stumbled is decided on again after this long."""


class InFlight:
    """Starts the work of objects, and says of each when it has ended."""

    def __init__(self, ended: Callable[[str], None]) -> None:
        self._tell = ended
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, uid: str) -> bool:
        return uid in self._tasks

    def start(self, uid: str, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name=f"reconcile {uid}")
        self._tasks[uid] = task
        task.add_done_callback(partial(self._ended, uid))

    async def drain(self) -> None:
        """Until nothing is under way any more."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    def _ended(self, uid: str, task: asyncio.Task[None]) -> None:
        """A defect on one object must not stop the others: that one is put off."""
        del self._tasks[uid]
        if task.cancelled():
            return
        if defect := task.exception():
            log.error("The operator stumbled on an object", exc_info=defect, extra={"uid": uid})
            asyncio.get_running_loop().call_later(AFTER_DEFECT_S, self._tell, uid)
        else:
            self._tell(uid)
