"""What became of an object, told to the cluster: at most one status write, and an Event."""

import asyncio
import logging

from caster_scene_audio.domain.backoff import Backoff, Jitter
from caster_scene_audio.domain.object_event import object_event_of
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.status import Status, says_something_new
from caster_scene_audio.ports import Cluster, ClusterUnavailable

log = logging.getLogger(__name__)

_BACKOFF = Backoff(first_s=0.5, cap_s=15)


class Reporter:
    """Writes statuses, a bounded number at a time, for as long as it takes."""

    def __init__(self, *, cluster: Cluster, jitter: Jitter, max_writes: int = 16) -> None:
        self._cluster = cluster
        self._jitter = jitter
        self._writes = asyncio.Semaphore(max_writes)

    async def report(self, ref: ObjectRef, *, before: Status, after: Status) -> None:
        """Write what is new. Outlasts an outage of the API server; raises ObjectGone."""
        if not says_something_new(before, after):
            return
        attempts = 0
        while not await self._written(ref, after):
            attempts += 1
            await asyncio.sleep(_BACKOFF.delay_s(attempts, self._jitter))
        if event := object_event_of(before, after):
            await self._cluster.announce(ref, event)

    async def _written(self, ref: ObjectRef, status: Status) -> bool:
        async with self._writes:
            try:
                await self._cluster.write_status(ref, status)
            except ClusterUnavailable as reason:
                log.warning(
                    "Status not written; it is tried again",
                    extra={"object": str(ref), "error": str(reason)},
                )
                return False
        return True
