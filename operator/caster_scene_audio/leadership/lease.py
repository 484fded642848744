"""The Lease that one of several replicas holds: who holds it leads, for as long as that is sure.

The official client's election says who tries when. What it lacks is here: bounds in time, errors
that don't escape, a clock that nobody sets, and giving the Lease back.
"""

import asyncio
import logging
from collections.abc import Callable

from kubernetes.aio.leaderelection.electionconfig import Config
from kubernetes.aio.leaderelection.leaderelection import LeaderElection
from typing_extensions import override

from caster_scene_audio.adapters.cluster.errors import FAILED, words_of
from caster_scene_audio.leadership.lease_lock import BoundedLeaseLock
from caster_scene_audio.ports import Leadership

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How often the Lease is renewed, and looked at by who stands by."""

LOOK_S = 0.25
"""How often a holder makes sure that it still is one."""

RELEASE_TRIES = 3
"""A renewal that was torn off may have been stored after all, and then the first try is refused."""


class LeaseLeadership(Leadership):
    """Leads while it holds the Lease. `clock` gives seconds that nobody sets, as boot_clock does."""

    def __init__(self, lock: BoundedLeaseLock, *, clock: Callable[[], float]) -> None:
        terms = self._terms = lock.terms
        self._lock = lock
        self._clock = clock
        self._released = False
        self._election = LeaderElection(
            Config(
                self._lock,
                lease_duration=terms.duration_s,
                renew_deadline=terms.renew_deadline_s,
                retry_period=RETRY_S,
                onstarted_leading=_nothing,
                onstopped_leading=_nothing,
            )
        )

    @property
    def facts(self) -> dict[str, object]:
        """Which Lease, and who asks for it: for the log."""
        terms = self._terms
        return {"lease": f"{terms.namespace}/{terms.name}", "identity": terms.identity}

    @override
    async def held(self) -> None:
        if not self._is_held:
            await asyncio.get_running_loop().create_future()

    async def gained(self) -> None:
        """Wait for the Lease."""
        await self._election.acquire()
        self._lock.has_lapsed = False

    async def lost(self) -> None:
        """Renew the Lease; return once it can't be taken for ours any more."""
        renewing = asyncio.create_task(self._election.renew_loop())
        try:
            while self._is_held and not renewing.done():
                await asyncio.wait({renewing}, timeout=LOOK_S)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def release(self) -> None:
        """Let the next one lead at once. Where that fails it waits for the Lease's duration."""
        self._released = True
        if not self._lock.was_asked_for:
            return
        for _ in range(RELEASE_TRIES):
            try:
                async with asyncio.timeout(self._terms.request_timeout_s):
                    await self._lock.give_back()
            except FAILED as error:
                trouble = words_of(error)
            else:
                return
        log.warning("Lease not released", extra=self.facts | {"error": trouble})

    @property
    def _is_held(self) -> bool:
        if self._released or self._lock.is_anothers or self._lock.has_lapsed:
            return False
        return self._clock() < self._lock.renewed_at + self._terms.renew_deadline_s


async def _nothing() -> None:
    """The election's callbacks are of no use: it is awaited step by step."""
