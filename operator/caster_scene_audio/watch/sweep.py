"""Objects that were deleted while nobody watched: found by comparing with a fresh list."""

import asyncio
import logging

from caster_scene_audio.ports import Cluster, ClusterUnavailable
from caster_scene_audio.reconciler.controller import Controller

log = logging.getLogger(__name__)

SETTLE_S = 2.0
RETRY_S = 10.0


class Sweep:
    """Forgets the objects that were deleted while nobody watched.

    A watch that starts anew lists the objects that are there, and doesn't tell which are gone. After
    a `request` the known objects are compared with a fresh list.
    """

    def __init__(
        self, *, controller: Controller, cluster: Cluster, settle_s: float = SETTLE_S
    ) -> None:
        self._controller = controller
        self._cluster = cluster
        self._settle_s = settle_s
        self._wanted = asyncio.Event()

    def request(self) -> None:
        """The objects were listed again: compare soon."""
        self._wanted.set()

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            await asyncio.sleep(self._settle_s)
            self._wanted.clear()
            await self._compare()

    async def _compare(self) -> None:
        known = self._controller.known  # taken before the list: what is made later is not in it
        if not known:
            return
        try:
            gone = known - await self._cluster.living()
        except ClusterUnavailable as reason:
            log.warning("Objects not listed; it is tried again", extra={"error": str(reason)})
            await asyncio.sleep(RETRY_S)
            self._wanted.set()
            return
        for uid in gone:
            self._controller.forget(uid)
