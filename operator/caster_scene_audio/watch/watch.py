"""What the cluster holds, told to the controller: a full list first, then whatever changes."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import aiohttp
import kopf

from caster_scene_audio.adapters.cluster.connection import load_connection
from caster_scene_audio.adapters.cluster.writer import KubernetesCluster
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.objects import PLURAL
from caster_scene_audio.health import Liveness
from caster_scene_audio.ports import ClusterUnavailable
from caster_scene_audio.reconciler.controller import Controller
from caster_scene_audio.watch.informer import PATIENCE_S, Informer, build_registry
from caster_scene_audio.watch.overhearing import overheard
from caster_scene_audio.watch.session import Handler, open_session
from caster_scene_audio.watch.sweep import Sweep

log = logging.getLogger(__name__)

LIST_AGAIN_S = 5.0


class Watch:
    """Tells the controller, in its own loop, of every object and of every change.

    The watch runs in a thread and loop of its own.
    """

    def __init__(
        self,
        controller: Controller,
        cluster: KubernetesCluster,
        sweep: Sweep,
        *,
        namespaces: tuple[str, ...],
        liveness: Liveness,
    ) -> None:
        self._controller = controller
        self._cluster = cluster
        self._sweep = sweep
        self._liveness = liveness
        self._loop = asyncio.get_running_loop()
        registry = build_registry(sink=self._hand_over, login=self._login)
        self._informer = Informer(
            registry,
            namespaces=namespaces,
            patience_s=min(PATIENCE_S, liveness.silence_s / 2),
        )

    async def list_all(self) -> None:
        """Return once every object was seen, so that of two for one scene the older is known."""
        while not await self._is_listed():  # noqa: ASYNC110 (each look is a request)
            await asyncio.sleep(LIST_AGAIN_S)

    async def run(self) -> None:
        """See every change until cancelled."""
        self._liveness.begin()
        await self._informer.run()

    async def _is_listed(self) -> bool:
        try:
            async for body in self._cluster.bodies():
                self._deliver(None, body)
        except ClusterUnavailable as reason:
            log.warning("Objects not listed; it is tried again", extra={"error": str(reason)})
            return False
        return True

    def _deliver(self, event_type: str | None, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        if event_type == "DELETED" or "deletionTimestamp" in metadata:
            self._controller.forget(metadata["uid"])
        else:
            self._controller.see(scene_audio_from(body))

    def _hand_over(self, event_type: str | None, body: dict[str, Any]) -> None:
        self._loop.call_soon_threadsafe(self._deliver, event_type, body)

    async def _login(self) -> kopf.AiohttpSession:
        connection = await load_connection()
        return kopf.AiohttpSession(
            server=connection.host,
            aiohttp_session=open_session(connection, self._notice_lists, self._notice_life),
        )

    async def _notice_lists(
        self, request: aiohttp.ClientRequest, handler: Handler
    ) -> aiohttp.ClientResponse:
        """A list that isn't the first may leave out what was deleted since: that is looked for."""
        response = await handler(request)
        if "watch" not in request.url.query:
            self._loop.call_soon_threadsafe(self._sweep.request)
        return response

    async def _notice_life(
        self, request: aiohttp.ClientRequest, handler: Handler
    ) -> aiohttp.ClientResponse:
        """Whatever comes back is a sign of life, a refusal too; where nothing comes, it is not."""
        path = request.url.path
        if not path.endswith(f"/{PLURAL}"):
            return await handler(request)
        try:
            response = await handler(request)
        except (TimeoutError, asyncio.CancelledError):  # kopf gives up a silent watch so
            self._tell(self._liveness.unanswered, path)
            raise
        except aiohttp.ClientError as error:
            self._tell(self._liveness.failed, path, type(error).__name__)
            raise
        if response.ok:
            self._tell(self._liveness.heard, path)
        else:
            self._tell(self._liveness.failed, path, f"HTTP {response.status}")
        return overheard(response, lambda: self._tell(self._liveness.heard, path))

    def _tell(self, what: Callable[..., None], *facts: str) -> None:
        self._loop.call_soon_threadsafe(what, *facts)
