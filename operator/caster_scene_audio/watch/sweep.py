"""Objects that were deleted while nobody watched: found by comparing with a fresh list."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from caster_scene_audio.ports import ClusterUnavailable
from caster_scene_audio.reconciler.controller import Controller

log = logging.getLogger(__name__)

SETTLE_S = 2.0
RETRY_S = 10.0


class Sweep:
    """Of one namespace (None: of all).

    A watch that starts anew lists what is there, and never what is gone: that is found here.

    Args:
        namespace: Whose objects are compared.
        controller: Who knows them, and forgets those that are gone.
        living: Gives the uids of those that are there now; raises ClusterUnavailable, and then
            nothing is known, and nothing forgotten.
        settle_s: So long after a list no other is made.
    """

    def __init__(
        self,
        namespace: str | None,
        *,
        controller: Controller,
        living: Callable[[], Awaitable[frozenset[str]]],
        settle_s: float = SETTLE_S,
    ) -> None:
        self._namespace = namespace
        self._controller = controller
        self._living = living
        self._settle_s = settle_s
        self._wanted = asyncio.Event()

    def request(self) -> None:
        """The objects were listed again: compare soon."""
        self._wanted.set()

    def let_go(self) -> None:
        """Forget all: for so long nobody could see whether they are there."""
        known = self._controller.known_in(self._namespace)
        if known:
            facts = {"namespace": self._namespace or "all", "objects": len(known)}
            log.warning("Objects that can't be seen any more are let go", extra=facts)
        self._forget(known)

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            await asyncio.sleep(self._settle_s)
            self._wanted.clear()
            await self._compare()

    async def _compare(self) -> None:
        known = self._controller.known_in(self._namespace)  # before the list: it lacks later ones
        if not known:
            return
        try:
            gone = known - await self._living()
        except ClusterUnavailable as reason:
            facts = {"namespace": self._namespace or "all", "error": str(reason)}
            log.info("Objects not listed; it is tried again", extra=facts)
            await asyncio.sleep(RETRY_S)
            self._wanted.set()
            return
        self._forget(gone)

    def _forget(self, uids: frozenset[str]) -> None:
        for uid in uids:
            self._controller.forget(uid)
