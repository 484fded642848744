"""One of several replicas: it stands by until it leads, and ends when it may no longer lead."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from caster_scene_audio.health import Health, Stage
from caster_scene_audio.leadership.lease import LeaseLeadership
from caster_scene_audio.ports import Leadership
from caster_scene_audio.tasks import cancelled, first_of

log = logging.getLogger(__name__)

Operate = Callable[[Leadership], Awaitable[bool]]
"""Serve until a stop is asked for; whether all calls had ended by then."""


async def as_leader(
    leadership: LeaseLeadership,
    operate: Operate,
    *,
    stopping: asyncio.Task[Any],
    health: Health,
    abort: Callable[[], NoReturn],
) -> None:
    """Operate once the Lease is there, and give it back at an orderly end.

    When the Lease is lost, `abort` ends the process at once: what is under way is torn off before
    another replica may begin.
    """
    health.stage = Stage.STANDING_BY
    health.liveness.begin()
    log.info("Standing by", extra=leadership.facts)
    await first_of(stopping, leadership.gained())
    ended = True
    if not stopping.done():
        log.info("Leading", extra=leadership.facts)
        ended = await _while_held(leadership, operate, abort)
    if ended:  # else a call may still be on its way: the next one waits for the Lease's duration
        await leadership.release()


async def _while_held(
    leadership: LeaseLeadership, operate: Operate, abort: Callable[[], NoReturn]
) -> bool:
    losing = asyncio.create_task(leadership.lost())
    operating = asyncio.ensure_future(operate(leadership))
    try:
        await asyncio.wait({losing, operating}, return_when=asyncio.FIRST_COMPLETED)
        if not operating.done():
            log.error("Leadership lost: the process ends", extra=leadership.facts)
            abort()
        return operating.result()
    finally:
        await cancelled(losing)
