"""kopf as the informer: one event handler that hands bodies on, and nothing else of it."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import kopf
from typing_extensions import override

from caster_scene_audio.adapters.cluster.connection import Connection
from caster_scene_audio.domain.body import slim
from caster_scene_audio.domain.objects import GROUP, PLURAL, VERSION
from caster_scene_audio.ports import LIST_PAGE
from caster_scene_audio.watch.offspring import kept_offspring
from caster_scene_audio.watch.session import open_session, selecting
from caster_scene_audio.watch.witness import Ending, Listener, Patience, Witness

START_S = 20.0
"""By then kopf has found the kind and asked for its objects, or never will."""

CLEAN_UP_S = 5.0


class NothingStored(kopf.DiffBaseStorage):
    """No last-handled configuration: nothing is compared, so nothing is copied or kept."""

    @override
    def build(self, **_: Any) -> kopf.BodyEssence:
        return kopf.BodyEssence({})

    @override
    def fetch(self, **_: Any) -> kopf.BodyEssence | None:
        return None

    @override
    def store(self, **_: Any) -> None:
        pass


def build_registry(session: kopf.AiohttpSession, witness: Witness) -> kopf.OperatorRegistry:
    """The handlers of the operator, on a registry of their own."""
    registry = kopf.OperatorRegistry()

    @kopf.on.login(registry=registry, id="connect")
    async def connect(**_: Any) -> kopf.AiohttpSession:
        return session

    @kopf.on.event(GROUP, VERSION, PLURAL, registry=registry, id="see")
    async def see(type: str | None, body: kopf.Body, **_: Any) -> None:  # noqa: A002 (kopf's name)
        witness.tell(type, slim(dict(body)))

    return registry


def build_settings(patience: Patience) -> kopf.OperatorSettings:
    """An informer and no more: no writes, no peering, no scanning, and no tries of its own.

    Whether a watch is silent, and what is to be done about it, is the witness's to say.
    """
    settings = kopf.OperatorSettings()
    settings.persistence.diffbase_storage = NothingStored()
    settings.peering.standalone = True
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.watching.chunk_size = LIST_PAGE
    settings.watching.server_timeout = patience.watch_s
    settings.networking.request_timeout = 2 * patience.silence_s
    settings.networking.error_backoffs = ()
    settings.queueing.idle_timeout = 1
    settings.queueing.exit_timeout = 2
    settings.process.ultimate_exiting_timeout = None
    return settings


async def inform(
    listener: Listener,
    connection: Connection,
    *,
    namespace: str | None,
    selector: str | None = None,
    patience: Patience,
) -> Ending:
    """List and watch one namespace (None: all) until cancelled, or until that can't go on.

    With a `selector` only objects with labels that fit; one that does no longer is told as deleted.

    Raises what a connection's files raise. kopf's tasks are waited for and cancelled here, rather
    than by kopf's own `run_tasks`, which would cancel those of other informers in the same loop.
    """
    witness = Witness(patience, listener)
    async with open_session(connection, witness.see, selecting(selector)) as session:
        access = kopf.AiohttpSession(server=connection.host, aiohttp_session=session)
        stop = asyncio.Event()
        spawning = asyncio.create_task(_spawn(witness, access, namespace, patience, stop))
        try:
            await asyncio.wait({spawning})
            return await _until_ended(witness, spawning.result().roots)
        finally:
            stop.set()
            await _end(await spawning)


@dataclass(frozen=True, slots=True)
class _Tasks:
    roots: Collection[asyncio.Task[None]]
    offspring: set[asyncio.Task[Any]]
    """All that run, those among the roots too. Cancelled roots leave some of them behind."""


async def _spawn(
    witness: Witness,
    access: kopf.AiohttpSession,
    namespace: str | None,
    patience: Patience,
    stop: asyncio.Event,
) -> _Tasks:
    offspring = kept_offspring()
    roots = await kopf.spawn_tasks(
        registry=build_registry(access, witness),
        settings=build_settings(patience),
        clusterwide=namespace is None,
        namespaces=[namespace] if namespace else (),
        stop_flag=stop,
    )
    return _Tasks(roots, offspring)


async def _until_ended(witness: Witness, tasks: Collection[asyncio.Task[None]]) -> Ending:
    asked = asyncio.create_task(witness.asked.wait())
    ends: set[asyncio.Future[Any]] = {witness.ended, *tasks}
    try:
        begun, _ = await asyncio.wait(
            {asked, *ends}, timeout=START_S, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        asked.cancel()
    if not begun:
        witness.end(Ending(f"discovery doesn't tell of {PLURAL}.{GROUP}"))
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    witness.end(_ending_of(tasks))
    return witness.ended.result()


def _ending_of(tasks: Collection[asyncio.Task[None]]) -> Ending:
    """By what made kopf give up."""
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()):
            return Ending(type(error).__name__, cause=error)
    return Ending("kopf gave up")


async def _end(tasks: _Tasks) -> None:
    """In order first, and then whatever is left, so that nothing goes on without a session."""
    await _cancelled(tasks.roots)
    for task in tasks.roots:
        if task.done() and not task.cancelled():
            task.exception()  # else asyncio complains that nobody looked
    await _cancelled([*tasks.offspring])


async def _cancelled(tasks: Collection[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CLEAN_UP_S)
