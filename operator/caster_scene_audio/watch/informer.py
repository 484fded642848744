"""kopf as the informer: one event handler that hands bodies on, and nothing else of it."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import kopf
from typing_extensions import override

from caster_scene_audio.domain.objects import GROUP, PLURAL, VERSION

log = logging.getLogger(__name__)

Sink = Callable[[str | None, dict[str, Any]], None]
"""Takes an event's type (None: listed) and the object's body, in kopf's thread."""

Login = Callable[[], Awaitable[kopf.AiohttpSession]]

RESTART_S = 5.0

PATIENCE_S = 70.0
"""The API server sends a bookmark about once a minute, where nothing else happens."""


class NothingStored(kopf.DiffBaseStorage):
    """Keeps no last-handled configuration, so that kopf neither copies nor compares objects."""

    @override
    def build(self, **_: Any) -> kopf.BodyEssence:
        return kopf.BodyEssence({})

    @override
    def fetch(self, **_: Any) -> kopf.BodyEssence | None:
        return None

    @override
    def store(self, **_: Any) -> None:
        pass


def build_registry(*, sink: Sink, login: Login) -> kopf.OperatorRegistry:
    """The handlers of the operator, on a registry of their own."""
    registry = kopf.OperatorRegistry()

    @kopf.on.login(registry=registry, id="connect")
    async def connect(**_: Any) -> kopf.AiohttpSession:
        return await login()

    @kopf.on.event(GROUP, VERSION, PLURAL, registry=registry, id="see")
    async def see(type: str | None, body: kopf.Body, **_: Any) -> None:  # noqa: A002 (kopf's name)
        sink(type, dict(body))

    return registry


def build_settings(*, patience_s: float = PATIENCE_S) -> kopf.OperatorSettings:
    """Settings with which kopf watches, and neither writes, peers nor scans the cluster.

    A watch in which nothing came for `patience_s` is given up for a new one.
    """
    settings = kopf.OperatorSettings()
    settings.persistence.diffbase_storage = NothingStored()
    settings.peering.standalone = True
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.watching.chunk_size = 500
    settings.watching.server_timeout = 300
    settings.watching.inactivity_timeout = patience_s
    settings.networking.request_timeout = 30
    settings.queueing.idle_timeout = 1
    settings.queueing.exit_timeout = 2
    settings.process.ultimate_exiting_timeout = None
    return settings


class Informer:
    """An informer in a thread and loop of its own, where kopf can cancel no tasks but its own."""

    def __init__(
        self,
        registry: kopf.OperatorRegistry,
        *,
        namespaces: Collection[str],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._registry = registry
        self._settings = partial(build_settings, patience_s=patience_s)
        self._namespaces = namespaces

    async def run(self) -> None:
        """Watch until cancelled. kopf gives up after a long outage of the API server: begin anew."""
        while True:
            await self._watch_once()
            log.warning("The watch ended; it is started again", extra={"seconds": RESTART_S})
            await asyncio.sleep(RESTART_S)

    async def _watch_once(self) -> None:
        stop = threading.Event()
        watching = asyncio.create_task(asyncio.to_thread(self._watch, stop))
        try:
            await asyncio.shield(watching)
        except asyncio.CancelledError:
            stop.set()
            await watching
            raise

    def _watch(self, stop: threading.Event) -> None:
        try:
            asyncio.run(
                kopf.operator(
                    registry=self._registry,
                    settings=self._settings(),
                    clusterwide=not self._namespaces,
                    namespaces=self._namespaces,
                    stop_flag=stop,
                )
            )
        except Exception:
            log.exception("The watch failed")
